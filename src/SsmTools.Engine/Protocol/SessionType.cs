namespace SsmTools.Engine.Protocol;

/// <summary>The kinds of session that documents name.</summary>
internal static class SessionType
{
    /// <summary>A shell on a terminal.</summary>
    public const string StandardStream = "Standard_Stream";

    /// <summary>One command on a terminal.</summary>
    public const string InteractiveCommands = "InteractiveCommands";

    /// <summary>One command without a terminal.</summary>
    public const string NonInteractiveCommands = "NonInteractiveCommands";

    /// <summary>A tunnel.</summary>
    public const string Port = "Port";

    /// <summary>Whether the client knows what to do with the type.</summary>
    public static bool IsKnown(string? sessionType) =>
        sessionType is StandardStream or InteractiveCommands or NonInteractiveCommands or Port;
}
