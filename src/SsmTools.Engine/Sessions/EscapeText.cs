namespace SsmTools.Engine.Sessions;

/// <summary>What is shown of escapes, for a terminal in raw mode.</summary>
internal static class EscapeText
{
    /// <summary>An escape character as people write it: control characters with a caret.</summary>
    public static string NameOf(char escape) => escape < ' ' ? $"^{(char)(escape + '@')}" : escape.ToString();

    /// <summary>The answer to the escape that asks for help.</summary>
    public static string Help(char escape)
    {
        string name = NameOf(escape);
        return $"""
            {name}?
            Escapes, typed at the start of a line:
              {name}.  leave the session, and end it
              {name}?  show this
              {name}{name}  send {name} itself

            """.ReplaceLineEndings("\r\n");
    }
}
