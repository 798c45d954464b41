namespace SsmTools.Sandbox.Faults;

/// <summary>Messages that were held back on their way to a link: each until its time, or until later ones have passed.</summary>
internal sealed class MessageLine(TimeProvider clock, Action wake) : IDisposable
{
    private const int MaxWaiting = 4096;
    private const long MaxWaitingBytes = 4 * 1024 * 1024;

    /// <summary>How long a message waits for later ones to overtake it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(byte[] Frame, long Due)> _waiting = new();
    private readonly List<Overtaken> _overtaken = [];
    private long _bytes;
    private long _lastDue = long.MinValue;
    private ITimer? _timer;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _overtaken.Count == 0;

    /// <summary>Whether more may wait.</summary>
    public bool HasRoom => _waiting.Count + _overtaken.Count < MaxWaiting && _bytes < MaxWaitingBytes;

    /// <summary>Adds a message behind those that wait.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="delay">How long it takes.</param>
    /// <param name="pause">How long after the message before it; null for at the same time if need be.</param>
    public void Add(byte[] frame, TimeSpan delay, TimeSpan? pause)
    {
        long due = clock.GetTimestamp() + Ticks(delay);
        if (_lastDue != long.MinValue)
        {
            due = Math.Max(due, _lastDue + Ticks(pause ?? TimeSpan.Zero));
        }

        _lastDue = due;
        _waiting.Enqueue((frame, due));
        _bytes += frame.Length;
        Overtake();
    }

    /// <summary>Holds a message back until so many others have passed it.</summary>
    public void Hold(byte[] frame, int others)
    {
        _overtaken.Add(new Overtaken(frame, clock.GetTimestamp() + Ticks(s_patience)) { Others = others });
        _bytes += frame.Length;
    }

    /// <summary>Takes the next message whose time has come. Where there is none, <c>wake</c> is called when there is.</summary>
    public bool TryTake(out byte[] frame)
    {
        frame = [];
        if (IsEmpty)
        {
            return false;
        }

        long now = clock.GetTimestamp();
        Release(one => one.Until <= now, now);
        if (_waiting.TryPeek(out (byte[] Frame, long Due) next) && next.Due <= now)
        {
            frame = _waiting.Dequeue().Frame;
            _bytes -= frame.Length;
            return true;
        }

        long until = _overtaken.Count == 0 ? long.MaxValue : _overtaken.Min(one => one.Until);
        until = _waiting.Count == 0 ? until : Math.Min(until, next.Due);
        _timer ??= clock.CreateTimer(static wake => ((Action)wake!)(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(
            TimeSpan.FromMilliseconds(Math.Ceiling((until - now) * 1000.0 / clock.TimestampFrequency)), Timeout.InfiniteTimeSpan);
        return false;
    }

    public void Dispose() => _timer?.Dispose();

    private void Overtake()
    {
        if (_overtaken.Count > 0)
        {
            _overtaken.ForEach(one => one.Others--);
            Release(one => one.Others <= 0, clock.GetTimestamp());
        }
    }

    private void Release(Predicate<Overtaken> isFree, long now)
    {
        foreach (Overtaken free in _overtaken.FindAll(isFree))
        {
            _overtaken.Remove(free);
            _lastDue = Math.Max(_lastDue, now);
            _waiting.Enqueue((free.Frame, _lastDue));
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    /// <summary>A message that others are to overtake.</summary>
    private sealed class Overtaken(byte[] frame, long until)
    {
        public byte[] Frame => frame;

        public long Until => until;

        public int Others { get; set; }
    }
}
