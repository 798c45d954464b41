namespace SsmTools.Sandbox.Gateway;

/// <summary>
/// What is on its way to one side of a session. Stream data is kept until it is acknowledged, so that a side which comes
/// back on a new socket gets again what it may have missed: the peers by themselves recover one message in 100 ms.
/// </summary>
internal sealed class RelayQueue
{
    private const long MaxWaitingBytes = 4 * 1024 * 1024;
    private const int MaxWaiting = 16 * 1024;
    private const long MaxKeptBytes = 16 * 1024 * 1024;

    private readonly object _gate = new();
    private readonly SortedDictionary<long, byte[]> _kept = [];
    private readonly HashSet<long> _waitingNumbers = [];
    private Queue<RelayFrame> _waiting = new();
    private TaskCompletionSource? _changed;
    private long _waitingBytes;
    private long _keptBytes;
    private int _generation;
    private bool _completed;

    /// <summary>Completes at the next change. To be taken before looking, so that no change is missed.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Whether there is room for another message without making its sender wait.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _waitingBytes < MaxWaitingBytes && _waiting.Count < MaxWaiting;
            }
        }
    }

    /// <summary>Whether nothing more will be added.</summary>
    public bool IsCompleted
    {
        get
        {
            lock (_gate)
            {
                return _completed;
            }
        }
    }

    /// <summary>Whether nothing more will be added and all was taken.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_gate)
            {
                return _completed && _waiting.Count == 0;
            }
        }
    }

    /// <summary>
    /// Adds a message at the end, unless the queue is full to the brim or holds the very same message already.
    /// </summary>
    /// <param name="frame">The message.</param>
    /// <param name="number">Its sequence number; null for what is not stream data.</param>
    public void Add(byte[] frame, long? number)
    {
        lock (_gate)
        {
            bool isFull = _waiting.Count >= 2 * MaxWaiting || _waitingBytes >= 2 * MaxWaitingBytes;
            if (_completed || isFull || (number is long value && !_waitingNumbers.Add(value)))
            {
                return;
            }

            _waiting.Enqueue(new RelayFrame(frame, number));
            _waitingBytes += frame.Length;
        }

        Pulse();
    }

    /// <summary>Adds the last message there will ever be.</summary>
    public void Complete(byte[] frame)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return;
            }

            _waiting.Enqueue(new RelayFrame(frame, null));
            _waitingBytes += frame.Length;
            _completed = true;
        }

        Pulse();
    }

    /// <summary>A new socket takes over: what the old one may not have delivered comes first, in order.</summary>
    /// <returns>What <see cref="TryTake"/> must be told; the old socket's word no longer counts.</returns>
    public int Attach()
    {
        int generation;
        lock (_gate)
        {
            generation = ++_generation;
            Queue<RelayFrame> again = new(_kept.Select(entry => new RelayFrame(entry.Value, entry.Key)));
            foreach (RelayFrame frame in _waiting.Where(frame => frame.Number is not long number || !_kept.ContainsKey(number)))
            {
                again.Enqueue(frame);
            }

            _waiting = again;
            _waitingBytes = again.Sum(frame => (long)frame.Bytes.Length);
            _waitingNumbers.UnionWith(_kept.Keys);
            _kept.Clear();
            _keptBytes = 0;
        }

        Pulse();
        return generation;
    }

    /// <summary>Takes the next message.</summary>
    public bool TryTake(int generation, out RelayFrame frame)
    {
        bool wasFull;
        lock (_gate)
        {
            wasFull = _waitingBytes >= MaxWaitingBytes || _waiting.Count >= MaxWaiting;
            if (generation != _generation || !_waiting.TryDequeue(out frame))
            {
                frame = default;
                return false;
            }

            _waitingBytes -= frame.Bytes.Length;
            if (frame.Number is long number)
            {
                _waitingNumbers.Remove(number);
                Keep(number, frame.Bytes);
            }
        }

        if (wasFull)
        {
            Pulse();
        }

        return true;
    }

    /// <summary>The other end has it.</summary>
    public void Acknowledge(long number)
    {
        lock (_gate)
        {
            if (_kept.Remove(number, out byte[]? frame))
            {
                _keptBytes -= frame.Length;
            }
        }
    }

    /// <summary>Lets whoever waits for <see cref="Changed"/> look again.</summary>
    public void Wake() => Pulse();

    private void Keep(long number, byte[] frame)
    {
        if (_kept.Remove(number, out byte[]? earlier))
        {
            _keptBytes -= earlier.Length;
        }

        _kept.Add(number, frame);
        _keptBytes += frame.Length;
        while (_keptBytes > MaxKeptBytes)
        {
            // A receiver that never acknowledges: its sender must help itself.
            long oldest = _kept.First().Key;
            _keptBytes -= _kept[oldest].Length;
            _kept.Remove(oldest);
        }
    }

    private void Pulse()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }
}
