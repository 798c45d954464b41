namespace SsmTools.Engine.Tunnels;

/// <summary>What went through a tunnel. Counted by many connections at once.</summary>
internal sealed class TunnelCounters
{
    private long _bytesIn;
    private long _bytesOut;
    private long _total;
    private long _errors;
    private int _connections;
    private volatile string? _lastError;

    /// <summary>Bytes that came from the destination.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes that were sent to the destination.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Connections that were ever accepted.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Connections that there are now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How often something went wrong.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>What went wrong last, in a sentence.</summary>
    public string? LastError => _lastError;

    /// <summary>A connection was accepted.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _total);
        Interlocked.Increment(ref _connections);
    }

    /// <summary>A connection is over.</summary>
    public void Leave() => Interlocked.Decrement(ref _connections);

    /// <summary>Bytes came.</summary>
    public void AddIn(int count) => Interlocked.Add(ref _bytesIn, count);

    /// <summary>Bytes were sent.</summary>
    public void AddOut(int count) => Interlocked.Add(ref _bytesOut, count);

    /// <summary>Something went wrong.</summary>
    public void AddError(string message)
    {
        _lastError = message;
        Interlocked.Increment(ref _errors);
    }
}
