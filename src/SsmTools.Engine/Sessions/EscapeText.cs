namespace SsmTools.Engine.Sessions;

/// <summary>What is shown of escapes, for a terminal in raw mode.</summary>
internal static class EscapeText
{
    /// <summary>
    /// Puts a terminal right that a program on the node has left in its own modes: application keys, mouse reports,
    /// bracketed paste, colours, a hidden cursor. Harmless where it has not.
    /// </summary>
    private const string Reset =
        "\x1b[?1l\x1b>\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[0m";

    /// <summary>What a program sends that takes the whole screen.</summary>
    public static ReadOnlySpan<byte> EnterAlternateScreen => "\x1b[?1049h"u8;

    /// <summary>What it sends to give it back.</summary>
    public static ReadOnlySpan<byte> LeaveAlternateScreen => "\x1b[?1049l"u8;

    /// <summary>An escape character as people write it: control characters with a caret.</summary>
    public static string NameOf(char escape) => escape < ' ' ? $"^{(char)(escape + '@')}" : escape.ToString();

    /// <summary>The answer to the escape that asks for help.</summary>
    public static string Help(char escape)
    {
        string name = NameOf(escape);
        return $"""
            {name}?
            Escapes, at the start of a line:
              {name}.  leave the session, and end it
              {name}?  show this
              {name}{name}  send {name} itself

            """.ReplaceLineEndings("\r\n");
    }

    /// <summary>What ends a session that was left, so that the prompt has a line of its own on the screen it was on.</summary>
    public static string Farewell(char escape, bool isAlternateScreen) =>
        $"{(isAlternateScreen ? "\x1b[?1049l" : "")}{Reset}{NameOf(escape)}.\r\n";
}
