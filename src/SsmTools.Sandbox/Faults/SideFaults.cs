using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Faults;

/// <summary>
/// One side of a session as faults see it: counts the messages on their way to it, over all links that it has had.
/// </summary>
internal sealed class SideFaults(SandboxFaults faults, SessionRecord session, FaultSide side, TimeProvider clock)
{
    private long _messages = -1;
    private long _bytes;

    /// <summary>The clock of delays and ages.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Which way messages to this side go.</summary>
    public FaultDirection Direction => side == FaultSide.Agent ? FaultDirection.Up : FaultDirection.Down;

    /// <summary>Follows a new link.</summary>
    /// <param name="cutNow">Called when the link is to end.</param>
    /// <param name="wake">Called when a message that was held back may go.</param>
    public LinkFaults Attach(Action<LinkCut> cutNow, Action wake) => new(faults, this, cutNow, wake);

    /// <summary>Counts a message.</summary>
    /// <param name="length">How many bytes of the stream it holds.</param>
    public MessagePlace Count(int length) => new(
        (session.Sequence * 2) + (int)Direction,
        Interlocked.Increment(ref _messages),
        Interlocked.Add(ref _bytes, length) - length,
        length);

    /// <summary>Whether a rule is for this side of this session.</summary>
    public bool IsCovered(FaultRule rule) => rule.Covers(session.SessionId, session.Target) &&
        (rule.Fault.Spec.Area == FaultArea.Links
            ? rule.Fault.Side == side
            : rule.Fault.Direction is null || rule.Fault.Direction == Direction);
}
