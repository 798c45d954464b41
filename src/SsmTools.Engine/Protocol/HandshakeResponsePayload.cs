namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="PayloadType.HandshakeResponse"/>. A client sends exactly one.</summary>
internal sealed record HandshakeResponsePayload
{
    /// <summary>Gates features of the agent, see <see cref="VersionGate"/>.</summary>
    public string? ClientVersion { get; init; }

    /// <summary>One entry for each requested action, in the same order.</summary>
    public IReadOnlyList<ProcessedClientAction>? ProcessedClientActions { get; init; }

    /// <summary>All error texts; null when there are none.</summary>
    public IReadOnlyList<string>? Errors { get; init; }
}
