using System.Text.Json;

namespace SsmTools.Sandbox.Agents;

/// <summary>Where a session is to be logged, as its document has it.</summary>
/// <param name="Bucket">The bucket; empty for none.</param>
/// <param name="Prefix">What the log's key begins with.</param>
/// <param name="BucketMustEncrypt">Whether the session is refused where the bucket does not encrypt.</param>
/// <param name="Group">The log group; empty for none.</param>
/// <param name="GroupMustBeEncrypted">Whether the session is refused where the group has no key.</param>
/// <param name="IsStreamed">Whether the group gets the log while the session runs.</param>
internal sealed record SessionLogPlan(
    string Bucket, string Prefix, bool BucketMustEncrypt, string Group, bool GroupMustBeEncrypted, bool IsStreamed)
{
    private const string NoGroupKey =
        "We couldn't start the session because encryption is not set up on the selected CloudWatch Logs log group. "
            + "Either encrypt the log group or choose an option to enable logging without encryption.";

    private const string NoBucketEncryption =
        "We couldn't start the session because encryption is not set up on the selected Amazon S3 bucket. "
            + "Either encrypt the bucket or choose an option to enable logging without encryption.";

    /// <summary>Reads a document's inputs; null where nothing is to be logged.</summary>
    public static SessionLogPlan? Read(JsonElement? inputs)
    {
        SessionLogPlan plan = new(
            Text("s3BucketName"), Text("s3KeyPrefix").Trim('/'), Text("s3EncryptionEnabled") == "true", Text("cloudWatchLogGroupName"),
            Text("cloudWatchEncryptionEnabled") == "true", Text("cloudWatchStreamingEnabled") == "true");
        return plan is { Bucket: "", Group: "" } ? null : plan;

        string Text(string name) => inputs is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.True => "true",
                _ => "",
            }
            : "";
    }

    /// <summary>The key of a session's log.</summary>
    public string Key(string sessionId) => Prefix.Length == 0 ? $"{sessionId}.log" : $"{Prefix}/{sessionId}.log";

    /// <summary>Looks whether what must be encrypted is (amazon-ssm-agent, session/shell/shell.go, validate).</summary>
    /// <exception cref="AgentException">It is not: the session does not start.</exception>
    public async Task CheckAsync(AgentStorage storage, CancellationToken cancellationToken)
    {
        if (Group.Length > 0 && GroupMustBeEncrypted && !await storage.IsGroupEncryptedAsync(Group, cancellationToken).ConfigureAwait(false))
        {
            throw new AgentException(NoGroupKey);
        }

        if (Bucket.Length > 0 && BucketMustEncrypt && !await storage.IsBucketEncryptedAsync(Bucket, cancellationToken).ConfigureAwait(false))
        {
            throw new AgentException(NoBucketEncryption);
        }
    }
}
