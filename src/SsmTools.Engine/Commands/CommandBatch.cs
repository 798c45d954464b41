using SsmTools.Engine.Aws.Ssm;

namespace SsmTools.Engine.Commands;

/// <summary>Nodes that get the same document in one call.</summary>
/// <param name="DocumentName">The document.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="InstanceIds">The nodes, at most <see cref="Size"/>.</param>
internal sealed record CommandBatch(
    string DocumentName, IReadOnlyDictionary<string, List<string>> Parameters, IReadOnlyList<string> InstanceIds)
{
    /// <summary>As many ids as SendCommand takes.</summary>
    public const int Size = 50;

    /// <summary>The call.</summary>
    public SendCommandRequest ToRequest(RunCommandOptions options, string? maxErrors)
    {
        SendCommandRequest request = new()
        {
            DocumentName = DocumentName,
            DocumentVersion = options.DocumentVersion,
            InstanceIds = [.. InstanceIds],
            TimeoutSeconds = options.DeliveryTimeout is { } timeout ? (int)timeout.TotalSeconds : null,
            Comment = options.Comment,
            MaxConcurrency = options.MaxConcurrency,
            MaxErrors = maxErrors,
            OutputS3BucketName = options.OutputBucket,
            OutputS3KeyPrefix = options.OutputPrefix,
            CloudWatchOutputConfig = options.OutputLogGroup is { } group
                ? new CloudWatchOutputConfig { CloudWatchLogGroupName = group, CloudWatchOutputEnabled = true }
                : null,
        };
        foreach ((string name, List<string> values) in Parameters)
        {
            request.Parameters[name] = values;
        }

        return request;
    }
}
