namespace SsmTools.Engine.Tunnels;

/// <summary>Puts the end of a port session into words.</summary>
internal static class PortSessionEnd
{
    private const string Title = "----------ERROR-------";

    /// <summary>What the agent or the service said, or what it means where they said nothing.</summary>
    public static string Explain(PortSessionOptions options, string? text)
    {
        string words = (text ?? "").Replace(Title, "", StringComparison.Ordinal).Trim();
        return words.Length == 0
            ? $"The session with {options.Target} was ended."
            : $"The session with {options.Target} was ended: {words}";
    }
}
