namespace SsmTools.Sandbox.World;

/// <summary>A log group of CloudWatch Logs.</summary>
internal sealed class LogGroupRecord
{
    public required string Name { get; init; }

    /// <summary>Gets the ARN, without the star that stands for its streams.</summary>
    public required string Arn { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets or sets for how many days events are kept; null for ever.</summary>
    public int? RetentionDays { get; set; }

    /// <summary>Gets or sets the key that events are encrypted with; null for the service's own.</summary>
    public string? KmsKeyArn { get; set; }

    public SortedDictionary<string, LogStreamRecord> Streams { get; } = new(StringComparer.Ordinal);

    /// <summary>Forgets what is older than the group keeps.</summary>
    public void Expire(DateTimeOffset now)
    {
        if (RetentionDays is int days)
        {
            long oldest = now.AddDays(-days).ToUnixTimeMilliseconds();
            foreach (LogStreamRecord stream in Streams.Values)
            {
                stream.Events.RemoveAll(one => one.Timestamp < oldest);
            }
        }
    }
}
