namespace SsmTools.Engine.Smux;

/// <summary>How one end of a multiplexed connection behaves. The intervals and the frame size are the references'.</summary>
internal sealed record SmuxOptions
{
    /// <summary>Which end it is.</summary>
    public required SmuxRole Role { get; init; }

    /// <summary>
    /// Whether to send keep-alives and to give the session up where nothing comes. Both ends must agree; what decides is
    /// the other end's version (<see cref="Protocol.VersionGate"/>).
    /// </summary>
    public bool KeepAlive { get; init; }

    /// <summary>How often to send a keep-alive.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A period of this length without any frame is the end.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most data in a frame sent, in bytes; 65,535 is the most that a frame can hold.</summary>
    public int MaxFrameSize { get; init; } = 32 * 1024;

    /// <summary>Streams that may be open at once; one that the peer opens beyond it is closed at once.</summary>
    public int MaxStreams { get; init; } = 16 * 1024;

    /// <summary>Streams of the peer that may wait to be accepted before nothing more is taken in.</summary>
    public int MaxBacklog { get; init; } = 1024;

    /// <summary>Bytes of one stream that may wait to be sent before its writer has to wait.</summary>
    public int MaxQueuedPerStream { get; init; } = 64 * 1024;

    /// <summary>Bytes of all streams that may wait to be sent; above it a stream may only have one piece waiting.</summary>
    public int MaxQueued { get; init; } = 1024 * 1024;

    /// <summary>Bytes of all streams that may wait to be read before nothing more is taken in.</summary>
    public int MaxUnread { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// For how long a stream that nobody reads may hold up the others. The protocol cannot hold back one stream alone.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For how long nothing at all may be read while the peer is held back, whoever waits: the session's end would not be
    /// noticed for as long. It is less than the 20 minutes after which the service ends a session that is idle.
    /// </summary>
    public TimeSpan StandstillTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Bytes that must be read from a stream in that time for it not to count as stuck.</summary>
    public int LeastProgress { get; init; } = 64 * 1024;
}
