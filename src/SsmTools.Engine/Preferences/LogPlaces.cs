using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Kms;
using SsmTools.Engine.Aws.Logs;
using SsmTools.Engine.Objects;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Preferences;

/// <summary>
/// Looks at the places that preferences name: whether they are there, are encrypted and can be used. What the caller may
/// not look at is said by the right that is missing, and taken on trust.
/// </summary>
internal sealed class LogPlaces(AwsContext aws)
{
    /// <summary>
    /// Looks at all of them. What is wrong with a place is an error where the place is what was asked for; otherwise it was
    /// so before, and a warning.
    /// </summary>
    /// <param name="document">The preferences as they would be.</param>
    /// <param name="asked">The inputs that were asked for.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    public async Task<LogPlace> CheckAsync(
        PreferenceDocument document, IReadOnlyCollection<string> asked, CancellationToken cancellationToken)
    {
        LogPlace found = LogPlace.Good;
        if (document.Value(PreferenceInput.Bucket) is { Length: > 0 } bucket)
        {
            LogPlace place = await TryAsync(
                $"bucket {bucket}",
                () => CheckBucketAsync(bucket, document.Flag(PreferenceInput.BucketEncryption), cancellationToken)).ConfigureAwait(false);
            found = found.And(place, IsAsked(PreferenceInput.Bucket, PreferenceInput.BucketEncryption));
        }

        if (document.Value(PreferenceInput.Group) is { Length: > 0 } group)
        {
            LogPlace place = await TryAsync(
                $"log group {group}",
                () => CheckGroupAsync(group, document.Flag(PreferenceInput.GroupEncryption), cancellationToken)).ConfigureAwait(false);
            found = found.And(place, IsAsked(PreferenceInput.Group, PreferenceInput.GroupEncryption));
        }

        if (document.Value(PreferenceInput.KmsKey) is { Length: > 0 } key)
        {
            LogPlace place = await TryAsync($"key {key}", () => CheckKeyAsync(key, cancellationToken)).ConfigureAwait(false);
            found = found.And(place, IsAsked(PreferenceInput.KmsKey));
        }

        return found;

        bool IsAsked(params string[] keys) => keys.Any(asked.Contains);
    }

    /// <summary>A right that is missing makes a gap in what is known, not an end.</summary>
    private static async Task<LogPlace> TryAsync(string what, Func<Task<LogPlace>> check)
    {
        try
        {
            return await check().ConfigureAwait(false);
        }
        catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied)
        {
            return LogPlace.Warn($"Not all that sessions need of the {what} could be checked. {e.Message}");
        }
        catch (EngineException e) when (e.Kind == ErrorKind.ObjectNotFound)
        {
            return LogPlace.Fail(e);
        }
    }

    private async Task<LogPlace> CheckBucketAsync(string bucket, bool mustEncrypt, CancellationToken cancellationToken)
    {
        LogPlace found = LogPlace.Good;
        try
        {
            string region = await aws.Objects.ReadRegionAsync(bucket, cancellationToken).ConfigureAwait(false);
            if (region != aws.Region)
            {
                found = LogPlace.Warn(
                    $"The bucket {bucket} is in {region}, the sessions in {aws.Region}: logs cross Regions, which costs, and an S3 gateway endpoint does not lead there.");
            }
        }
        catch (EngineException e) when (e.Kind == ErrorKind.ObjectNotFound)
        {
            throw new EngineException(
                "BucketNotFound",
                ErrorKind.ObjectNotFound,
                $"There is no bucket {bucket}; sessions would be logged nowhere.",
                $"Check the name, make the bucket (New-S3Bucket -BucketName {bucket}), or take it all the same with -Force.",
                bucket,
                e);
        }

        BucketEncryption encryption = await aws.Objects.ReadEncryptionAsync(bucket, cancellationToken).ConfigureAwait(false);
        return encryption.Algorithm is not null ? found : found.And(mustEncrypt
            ? LogPlace.Fail(new EngineException(
                "BucketNotEncrypted",
                ErrorKind.InvalidOperation,
                $"The bucket {bucket} does not encrypt, and sessions must not start then: none would.",
                "Encrypt it (Set-S3BucketEncryption), or do without: Set-SsmSessionPreference -RequireBucketEncryption:$false",
                bucket))
            : LogPlace.Warn($"The bucket {bucket} does not encrypt what is logged to it."));
    }

    private async Task<LogPlace> CheckGroupAsync(string group, bool mustBeEncrypted, CancellationToken cancellationToken)
    {
        DescribeLogGroupsRequest request = new() { LogGroupNamePrefix = group };
        LogGroup? found = null;
        IAsyncEnumerable<LogGroup> groups = ServiceCall.GuardAsync(
            aws.Logs.DescribeLogGroupsItemsAsync(request, cancellationToken), null, cancellationToken, group);
        await foreach (LogGroup one in groups.ConfigureAwait(false))
        {
            if (one.LogGroupName == group)
            {
                found = one;
                break;
            }
        }

        return found is null
            ? LogPlace.Fail(new EngineException(
                "LogGroupNotFound",
                ErrorKind.ObjectNotFound,
                $"There is no log group {group} in {aws.Region}; sessions would be logged nowhere.",
                $"Check the name, make the group (New-CWLLogGroup -LogGroupName {group}), or take it all the same with -Force.",
                group))
            : found.KmsKeyId is not null ? LogPlace.Good
            : mustBeEncrypted
                ? LogPlace.Fail(new EngineException(
                    "LogGroupNotEncrypted",
                    ErrorKind.InvalidOperation,
                    $"The log group {group} has no KMS key, and sessions must not start then: none would.",
                    "Give it a key (Register-CWLKmsKey), or do without: Set-SsmSessionPreference -RequireGroupEncryption:$false",
                    group))
                : LogPlace.Good;
    }

    private async Task<LogPlace> CheckKeyAsync(string key, CancellationToken cancellationToken)
    {
        DescribeKeyResponse? answer = await ServiceCall.TryAsync(
            token => aws.Kms.DescribeKeyAsync(new DescribeKeyRequest { KeyId = key }, token), key, ["NotFoundException"], cancellationToken)
            .ConfigureAwait(false);
        return answer?.KeyMetadata is not { } found
            ? LogPlace.Fail(new EngineException(
                "KmsKeyNotFound",
                ErrorKind.ObjectNotFound,
                $"KMS knows no key {key} in {aws.Region}; no session would start.",
                "Check the id or alias and the Region (-Region), or give the key's ARN.",
                key))
            : found.Enabled == false
                ? LogPlace.Fail(new EngineException(
                    "KmsKeyDisabled",
                    ErrorKind.ResourceUnavailable,
                    $"The KMS key {key} is {found.KeyState}; no session would start.",
                    "Enable the key, or name another one.",
                    key))
                : LogPlace.Good;
    }
}
