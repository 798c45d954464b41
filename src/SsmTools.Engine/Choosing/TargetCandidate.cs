using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Choosing;

/// <summary>A node that may be the one that is meant.</summary>
/// <param name="Context">Its account and region.</param>
/// <param name="Node">The node.</param>
public sealed record TargetCandidate(AwsContext Context, TargetNode Node)
{
    /// <summary>How it is called in a sentence.</summary>
    public string Label => Node.Name is null ? Node.InstanceId : $"{Node.InstanceId} ({Node.Name})";
}
