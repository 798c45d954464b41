namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="PayloadType.HandshakeRequest"/>.</summary>
internal sealed record HandshakeRequestPayload
{
    /// <summary>Four numbers with dots; gates features, see <see cref="VersionGate"/>.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>What the client is asked to do, in order.</summary>
    public IReadOnlyList<RequestedClientAction>? RequestedClientActions { get; init; }
}
