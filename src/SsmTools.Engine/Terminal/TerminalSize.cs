namespace SsmTools.Engine.Terminal;

/// <summary>The size of a terminal in character cells.</summary>
/// <param name="Columns">Cells across.</param>
/// <param name="Rows">Cells down.</param>
public readonly record struct TerminalSize(int Columns, int Rows);
