using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using IamProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Provisioning;

/// <summary>Looks at roles one by one. What may not be read is left unknown. AWS's policies are read once.</summary>
internal sealed class RoleReader(AwsContext context, IamReader reader)
{
    private static readonly string[] s_alive = ["pending", "running", "stopping", "stopped"];

    private readonly Dictionary<string, string?> _managed = new(StringComparer.Ordinal);

    /// <summary>What a listing of profiles tells of a role in them.</summary>
    public static RoleDescription Describe(Role role, List<IamProfile> profiles)
    {
        IamProfile? first = profiles.OrderBy(profile => profile.InstanceProfileName, StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        string? problem = profiles.Count == 0 ? "it is in no instance profile" : TrustProblem(role);
        return new RoleDescription
        {
            RoleName = role.RoleName!,
            RoleArn = role.Arn!,
            Path = role.Path,
            CreateDate = role.CreateDate,
            InstanceProfileName = first?.InstanceProfileName,
            InstanceProfileArn = first?.Arn,
            InstanceProfiles = [.. profiles.Select(profile => profile.InstanceProfileName!)],
            TrustedBy = TrustPolicy.PrincipalNames(role.AssumeRolePolicyDocument),
            CanRegister = problem is null ? null : false,
            Problem = problem,
        };
    }

    /// <summary>The instance profiles that hold a role.</summary>
    public Task<List<IamProfile>> ListProfilesAsync(string roleName, CancellationToken cancellationToken) =>
        ServiceCall.ListAsync(
            token => context.Iam.ListInstanceProfilesForRoleItemsAsync(
                new ListInstanceProfilesForRoleRequest { RoleName = roleName }, token),
            roleName,
            cancellationToken);

    /// <summary>All there is to know of a role.</summary>
    /// <param name="role">As GetRole tells of it.</param>
    /// <param name="profiles">Those that hold it.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    public async Task<RoleDescription> ReadAsync(Role role, List<IamProfile> profiles, CancellationToken cancellationToken)
    {
        string name = role.RoleName!;
        RoleDescription brief = Describe(role, profiles);
        List<AttachedPolicy>? policies = await KnownAsync(
            () => reader.ListPoliciesAsync(name, cancellationToken)).ConfigureAwait(false);
        List<string>? inline = await KnownAsync(
            () => reader.ListInlinePoliciesAsync(name, cancellationToken)).ConfigureAwait(false);
        string? problem = brief.Problem;
        bool? canRegister = brief.CanRegister;
        if (problem is null)
        {
            (canRegister, problem) = await JudgeAsync(role, policies, inline, cancellationToken).ConfigureAwait(false);
        }

        return brief with
        {
            Policies = policies?.ConvertAll(policy => policy.PolicyName!),
            InlinePolicies = inline,
            PermissionsBoundary = role.PermissionsBoundary?.PermissionsBoundaryArn,
            MadeBySsmTools = IamReader.TagOf(role.Tags, SsmToolsTag.Key) is not null,
            CanRegister = canRegister,
            Problem = problem,
            Instances = await ListInstancesAsync(profiles, cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<(bool? CanRegister, string? Problem)> JudgeAsync(
        Role role, List<AttachedPolicy>? policies, List<string>? inline, CancellationToken cancellationToken)
    {
        if (policies is null || inline is null)
        {
            return (null, "its policies may not be listed: iam:ListAttachedRolePolicies or iam:ListRolePolicies is denied");
        }

        try
        {
            List<string> documents = [];
            foreach (string arn in policies.Select(policy => policy.PolicyArn!))
            {
                documents.Add(await ReadManagedAsync(arn, cancellationToken).ConfigureAwait(false) ?? string.Empty);
            }

            foreach (string name in inline)
            {
                documents.Add(await reader.FindInlinePolicyAsync(role.RoleName!, name, cancellationToken)
                    .ConfigureAwait(false) ?? string.Empty);
            }

            if (AgentRights.Missing(documents) is { Count: > 0 } missing)
            {
                return (false, $"its policies do not allow {string.Join(", ", missing)}");
            }

            if (role.PermissionsBoundary?.PermissionsBoundaryArn is { } boundary)
            {
                string? document = await ReadManagedAsync(boundary, cancellationToken).ConfigureAwait(false);
                if (AgentRights.Missing([document ?? string.Empty]) is { Count: > 0 } bounded)
                {
                    return (false, $"its permissions boundary does not allow {string.Join(", ", bounded)}");
                }
            }

            return (true, null);
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            return (null, "its policies may not be read: iam:GetPolicy, iam:GetPolicyVersion or iam:GetRolePolicy is denied");
        }
    }

    private async Task<string?> ReadManagedAsync(string arn, CancellationToken cancellationToken)
    {
        if (!_managed.TryGetValue(arn, out string? document))
        {
            document = await reader.FindManagedPolicyAsync(arn, cancellationToken).ConfigureAwait(false);
            _managed.Add(arn, document);
        }

        return document;
    }

    private async Task<IReadOnlyList<string>?> ListInstancesAsync(List<IamProfile> profiles, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        foreach (string[] arns in profiles.Select(profile => profile.Arn!).Chunk(InstanceReader.FilterValues))
        {
            DescribeInstancesRequest request = new()
            {
                Filters =
                [
                    new Filter { Name = "iam-instance-profile.arn", Values = [.. arns] },
                    new Filter { Name = "instance-state-name", Values = [.. s_alive] },
                ],
            };
            List<string>? some = await ServiceCall.TryAsync(
                token => InstanceReader.ListIdsAsync(context, request, token), arns[0], ServiceCodes.Denied, cancellationToken)
                .ConfigureAwait(false);
            if (some is null)
            {
                return null;
            }

            ids.AddRange(some);
        }

        return ids;
    }

    private static async Task<T?> KnownAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            return null;
        }
    }

    private static string? TrustProblem(Role role) => TrustPolicy.TrustsEc2(role.AssumeRolePolicyDocument)
        ? null
        : $"EC2 may not assume it: it trusts {TrustPolicy.Principals(role.AssumeRolePolicyDocument)}";
}
