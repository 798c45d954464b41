using System.Text.Json;

namespace SsmTools.Engine.Protocol;

/// <summary>What the two ends know of each other when data may flow.</summary>
internal sealed record ChannelOpening
{
    /// <summary>
    /// One of <see cref="Protocol.SessionType"/>; <see cref="SessionType.StandardStream"/> too where the agent sent
    /// output without any handshake, which may as well be an interactive command.
    /// </summary>
    public required string SessionType { get; init; }

    /// <summary>Whether there was a handshake.</summary>
    public bool HasHandshake { get; init; }

    /// <summary>The other end's version; null without a handshake.</summary>
    public string? PeerVersion { get; init; }

    /// <summary>Port sessions: the properties of the session's document.</summary>
    public JsonElement? Properties { get; init; }

    /// <summary>Words of the agent for the user, or empty.</summary>
    public string CustomerMessage { get; init; } = "";
}
