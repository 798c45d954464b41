namespace SsmTools.Engine.Sessions;

/// <summary>A piece of what a command wrote, as it came; characters are whole, lines need not be.</summary>
/// <param name="Text">The piece.</param>
/// <param name="IsError">Whether it went to standard error.</param>
public readonly record struct CommandText(string Text, bool IsError);
