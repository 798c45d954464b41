namespace SsmTools.Engine.Protocol;

/// <summary>What happened on a <see cref="DataChannel"/>, for who owns it.</summary>
internal readonly record struct ChannelEvent
{
    /// <summary>What sort of event.</summary>
    public required ChannelEventKind Kind { get; init; }

    /// <summary><see cref="ChannelEventKind.Payload"/>: what the bytes are.</summary>
    public PayloadType PayloadType { get; init; }

    /// <summary>
    /// <see cref="ChannelEventKind.Payload"/>: the bytes. They may lie in the frame that was received: valid until the
    /// frame's buffer is used again.
    /// </summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary><see cref="ChannelEventKind.Opened"/>: what is known of the session and the peer.</summary>
    public ChannelOpening? Opening { get; init; }

    /// <summary>
    /// <see cref="ChannelEventKind.Closed"/>: the service's words, empty after a normal end.
    /// <see cref="ChannelEventKind.Failed"/>: what went wrong. <see cref="ChannelEventKind.Broken"/>: the rule that the
    /// peer broke, to stand within a sentence.
    /// </summary>
    public string? Text { get; init; }

    /// <summary><see cref="ChannelEventKind.KeyNeeded"/>: the key.</summary>
    public DataKeyNeed? KeyNeed { get; init; }

    /// <summary><see cref="ChannelEventKind.Rejected"/>: the rule that the frame broke.</summary>
    public FrameError Error { get; init; }
}
