using System.Text.RegularExpressions;

namespace SsmTools.Engine.Registration;

/// <summary>What ids look like.</summary>
internal static partial class NodeIds
{
    /// <summary>Whether it is the id of an EC2 instance.</summary>
    public static bool IsInstance(string id) => Instance().IsMatch(id);

    /// <summary>Whether it is the id of a hybrid node.</summary>
    public static bool IsHybrid(string id) => Hybrid().IsMatch(id);

    /// <summary>Whether it is either.</summary>
    public static bool IsNode(string id) => IsInstance(id) || IsHybrid(id);

    [GeneratedRegex(@"\Ai-([0-9a-f]{8}|[0-9a-f]{17})\z")]
    private static partial Regex Instance();

    [GeneratedRegex(@"\Ami-[0-9a-f]{17}\z")]
    private static partial Regex Hybrid();
}
