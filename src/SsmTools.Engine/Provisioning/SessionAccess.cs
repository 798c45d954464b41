using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Kms;
using SsmTools.Engine.Aws.Sts;

namespace SsmTools.Engine.Provisioning;

/// <summary>Works out the policies that a request asks for. Names become ARNs, so that none allows more than it names.</summary>
internal sealed class SessionAccess(AwsContext context)
{
    /// <summary>The policies; none where the request asks for none.</summary>
    /// <exception cref="EngineException">KmsKeyNotFound, or what the service refused.</exception>
    public async Task<IReadOnlyList<SessionPolicy>> ReadAsync(RoleRequest request, CancellationToken cancellationToken)
    {
        List<SessionPolicy> policies = [];
        if (request.LogBucket is { } bucket)
        {
            policies.Add(new SessionPolicy(
                SessionPolicies.Bucket, SessionPolicies.ForBucket(context.Partition, bucket), $"log to bucket {bucket}"));
        }

        if (request.LogGroup is { } group)
        {
            string arn = SessionAccessRules.GroupArn(group)
                ?? $"arn:{context.Partition}:logs:{context.Region}:{await AccountAsync(cancellationToken).ConfigureAwait(false)}"
                    + $":log-group:{group}";
            policies.Add(new SessionPolicy(SessionPolicies.Group, SessionPolicies.ForGroup(arn), $"log to group {group}"));
        }

        if (request.KmsKeyId is { } key)
        {
            string arn = await KeyArnAsync(key, cancellationToken).ConfigureAwait(false);
            policies.Add(new SessionPolicy(SessionPolicies.Key, SessionPolicies.ForKey(arn), $"use key {key}"));
        }

        return policies;
    }

    /// <summary>The ARN of the key that goes by an id, an alias or an ARN.</summary>
    /// <exception cref="EngineException">KmsKeyNotFound, or what the service refused.</exception>
    public async Task<string> KeyArnAsync(string key, CancellationToken cancellationToken) =>
        SessionAccessRules.IsKeyArn(key) ? key : await FindKeyAsync(key, cancellationToken).ConfigureAwait(false);

    /// <summary>The number of the caller's account.</summary>
    public async Task<string> AccountAsync(CancellationToken cancellationToken)
    {
        GetCallerIdentityResponse response = await ServiceCall.RunAsync(
            token => context.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), token), null, cancellationToken)
            .ConfigureAwait(false);
        return response.Account!;
    }

    private async Task<string> FindKeyAsync(string key, CancellationToken cancellationToken)
    {
        DescribeKeyRequest request = new() { KeyId = key };
        try
        {
            DescribeKeyResponse? response = await ServiceCall.TryAsync(
                token => context.Kms.DescribeKeyAsync(request, token), key, ["NotFoundException"], cancellationToken)
                .ConfigureAwait(false);
            return response?.KeyMetadata?.Arn ?? throw new EngineException(
                "KmsKeyNotFound",
                ErrorKind.ObjectNotFound,
                $"KMS knows no key {key} in {context.Region}.",
                "Check the id or alias and the region (-Region), or give the key's ARN.",
                key);
        }
        catch (EngineException exception) when (
            exception.Kind == ErrorKind.PermissionDenied && !key.Contains('/', StringComparison.Ordinal))
        {
            // Who may write policies may not always look at keys; an id says enough.
            string account = await AccountAsync(cancellationToken).ConfigureAwait(false);
            return $"arn:{context.Partition}:kms:{context.Region}:{account}:key/{key}";
        }
    }
}
