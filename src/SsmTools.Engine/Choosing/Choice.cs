namespace SsmTools.Engine.Choosing;

/// <summary>One of the things that a parameter can name.</summary>
/// <param name="Value">What is put on the line, for example an id.</param>
/// <param name="Label">What people know it by, for example a name; the value where it has none.</param>
/// <param name="ToolTip">What else is known of it, in one line.</param>
public sealed record Choice(string Value, string Label, string ToolTip)
{
    /// <summary>Whether it can be used now: a node whose agent answers, a profile that holds a role.</summary>
    public bool IsReady { get; init; } = true;
}
