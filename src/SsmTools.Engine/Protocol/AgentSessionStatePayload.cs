namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="MessageType.AgentSessionState"/>, which the gateway keeps to itself.</summary>
internal sealed record AgentSessionStatePayload
{
    /// <summary>The agent has opened its data channel.</summary>
    public const string Connected = "Connected";

    /// <summary>The session's process has ended by itself.</summary>
    public const string Terminating = "Terminating";

    /// <summary>1.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary><see cref="Connected"/> or <see cref="Terminating"/>.</summary>
    public string? SessionState { get; init; }

    /// <summary>The session.</summary>
    public string? SessionId { get; init; }
}
