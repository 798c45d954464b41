namespace SsmTools.Engine.Sessions;

/// <summary>The lines that tell somebody at a terminal how it stands with the link.</summary>
internal static class LinkText
{
    /// <summary>The line of a state, line ends as a terminal in raw mode needs them.</summary>
    public static string Of(LinkState state, char? escape) => state switch
    {
        LinkState.Away => "\r\n[Connection lost; trying to resume the session. Ctrl-C ends it.]\r\n",
        LinkState.Unanswered when escape is { } character =>
            $"\r\n[The node does not answer. What is typed waits for it; {EscapeText.NameOf(character)}. ends the session.]\r\n",
        LinkState.Unanswered => "\r\n[The node does not answer. What was typed waits for it; Ctrl-C ends the session.]\r\n",
        _ => "[Connection resumed.]\r\n",
    };
}
