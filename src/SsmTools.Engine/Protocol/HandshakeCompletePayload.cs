namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="PayloadType.HandshakeComplete"/>.</summary>
internal sealed record HandshakeCompletePayload
{
    /// <summary>Nanoseconds.</summary>
    public long HandshakeTimeToComplete { get; init; }

    /// <summary>Words for the user, or empty.</summary>
    public string? CustomerMessage { get; init; }
}
