namespace SsmTools.Engine.Sessions;

/// <summary>How a <see cref="SessionChannel"/> behaves.</summary>
internal sealed record SessionChannelOptions
{
    /// <summary>For how long a lost link is tried to be resumed: long enough for a laptop's nap.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The wait before the first attempt; it doubles with every further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the link may be away before its owner is told: most losses are mended sooner.</summary>
    public TimeSpan Discretion { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long a peer may leave everything unanswered before its link is held for dead. Pings find a dead link that
    /// nothing is sent on, where the runtime makes them; together they notice within half a minute.
    /// </summary>
    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Completes when the next attempt had better be made at once: the computer's addresses have changed.</summary>
    public Func<CancellationToken, Task> NetworkChanged { get; init; } = NetworkWatch.WaitAsync;

    /// <summary>
    /// In what intervals a trickle of small messages is read, see <see cref="TrickleGauge"/>, when it has lasted for so long;
    /// null for as it comes. Only what is no dialogue may be put off so.
    /// </summary>
    public Func<TimeSpan, TimeSpan>? TrickleInterval { get; init; }

    /// <summary>
    /// Asked after every message: completes when the owner has room for more, and is not asked again before. Until then its
    /// payloads are kept unacknowledged, which holds back a peer that has a window; when too many are kept, nothing is
    /// received. Null where there is always room.
    /// </summary>
    public Func<CancellationToken, Task>? Room { get; init; }

    /// <summary>
    /// Called when the owner was given all that has come in one piece, so that it need not do for each message what it can
    /// do once for all of them.
    /// </summary>
    public Action? PieceEnded { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
