namespace SsmTools.Sandbox.Faults;

/// <summary>The faults that are on at a time.</summary>
internal sealed class FaultSet
{
    /// <summary>Switches faults on, each with its count at nothing.</summary>
    public FaultSet(IEnumerable<Fault> faults, int seed)
    {
        Seed = seed;
        Rules = [.. faults.Select((fault, index) => new FaultRule(fault, index))];
        Messages = [.. Rules.Where(rule => rule.Fault.Spec.Area == FaultArea.Messages)];
        Links = [.. Rules.Where(rule => rule.Fault.Spec.Area == FaultArea.Links)];
        Calls = [.. Rules.Where(rule => rule.Fault.Spec.Area == FaultArea.Calls)];
    }

    /// <summary>What chance begins with.</summary>
    public int Seed { get; }

    /// <summary>All of them, in the order in which they were given.</summary>
    public IReadOnlyList<FaultRule> Rules { get; }

    /// <summary>Those that act on messages.</summary>
    public FaultRule[] Messages { get; }

    /// <summary>Those that act on links.</summary>
    public FaultRule[] Links { get; }

    /// <summary>Those that act on API calls.</summary>
    public FaultRule[] Calls { get; }

    /// <summary>Whether a rule acts on a call of its own count, by chance.</summary>
    public bool Acts(FaultRule rule) =>
        (rule.Fault.Rate >= 1 || FaultDice.Roll(Seed, rule.Index, 0, rule.NextCall()) < rule.Fault.Rate) && rule.TryHit();

    /// <summary>Whether a rule acts on a message, by chance.</summary>
    public bool Acts(FaultRule rule, long stream, long index) =>
        (rule.Fault.Rate >= 1 || FaultDice.Roll(Seed, rule.Index, stream, index) < rule.Fault.Rate) && rule.TryHit();
}
