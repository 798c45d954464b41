namespace SsmTools.Engine.Terminal;

/// <summary>The size of a terminal in character cells.</summary>
/// <param name="Columns">Cells across.</param>
/// <param name="Rows">Cells down.</param>
public readonly record struct TerminalSize(int Columns, int Rows)
{
    /// <summary>What a remote terminal measures when there is none here (session-manager-plugin, shellsession).</summary>
    internal static TerminalSize WhereNone { get; } = new(300, 100);
}
