using SsmTools.Engine.Aws;

namespace SsmTools.Engine.Choosing;

/// <summary>What somebody called a node, and where it is to be found.</summary>
/// <param name="Context">The account and region that are meant.</param>
/// <param name="Value">An id (<c>i-…</c>, <c>mi-…</c>), a name or a pattern of names.</param>
/// <param name="IsWindows">Whether it is known to run Windows.</param>
public sealed record WantedTarget(AwsContext Context, string Value, bool IsWindows);
