namespace SsmTools.Sandbox.Faults;

/// <summary>A fault that is switched on, and how often it acted.</summary>
internal sealed class FaultRule(Fault fault, int index)
{
    private long _hits;
    private long _calls;

    /// <summary>What was asked for.</summary>
    public Fault Fault => fault;

    /// <summary>Its place among the others; part of its chance.</summary>
    public int Index => index;

    /// <summary>How often it acted.</summary>
    public long Hits => Math.Min(Interlocked.Read(ref _hits), fault.Limit ?? long.MaxValue);

    /// <summary>The number of a call, for faults whose chance is by calls.</summary>
    public long NextCall() => Interlocked.Increment(ref _calls) - 1;

    /// <summary>Lets it act, unless it acted often enough.</summary>
    public bool TryHit() => fault.Limit is not int limit || Interlocked.Read(ref _hits) < limit
        ? Interlocked.Increment(ref _hits) <= (fault.Limit ?? long.MaxValue)
        : false;

    /// <summary>Whether it is for this session.</summary>
    public bool Covers(string sessionId, string target) =>
        fault.Scope is not string scope || scope == sessionId || scope == target;
}
