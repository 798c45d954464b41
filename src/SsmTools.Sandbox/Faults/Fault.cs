namespace SsmTools.Sandbox.Faults;

/// <summary>A fault as it was asked for.</summary>
internal sealed record Fault
{
    /// <summary>The text that it was read from.</summary>
    public required string Text { get; init; }

    /// <summary>Which one it is.</summary>
    public required FaultSpec Spec { get; init; }

    /// <summary>How often it acts: from 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>The byte of the stream, in each direction, at which it acts; null for no such place.</summary>
    public long? AtByte { get; init; }

    /// <summary>The age of a link at which it acts; null for no such moment.</summary>
    public TimeSpan? AtTime { get; init; }

    /// <summary>The one direction in which it acts; null for both.</summary>
    public FaultDirection? Direction { get; init; }

    /// <summary>Whose links it acts on.</summary>
    public FaultSide Side { get; init; }

    /// <summary>The one node or session, or API operation or service, that it acts on; null for all.</summary>
    public string? Scope { get; init; }

    /// <summary>How many times it acts; null for no end.</summary>
    public int? Limit { get; init; }

    /// <summary>Of delays: how long.</summary>
    public TimeSpan Amount { get; init; }

    /// <summary>A close code or an HTTP status; null where none was given.</summary>
    public int? Code { get; init; }

    /// <summary>Of a refused resume: whether the session is said not to exist.</summary>
    public bool DoesNotExist { get; init; }

    /// <summary>What it does.</summary>
    public FaultKind Kind => Spec.Kind;

    /// <summary>Whether neither a rate nor a place nor a moment was given: it acts on everything, at once.</summary>
    public bool IsTotal => Rate >= 1 && AtByte is null && AtTime is null;
}
