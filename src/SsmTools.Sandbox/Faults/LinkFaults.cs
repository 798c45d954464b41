using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Gateway;

namespace SsmTools.Sandbox.Faults;

/// <summary>
/// What happens to the messages that one link sends. Where no fault is on, this is one look at a field for a message.
/// They stay the gateway's as long as the other end has not acknowledged them: what is lost here is not lost for good.
/// </summary>
internal sealed class LinkFaults : IDisposable
{
    /// <summary>Header and payload length of stream data.</summary>
    private const int HeaderLength = 120;

    private const int MaxOvertaking = 3;

    private readonly SandboxFaults _faults;
    private readonly SideFaults _side;
    private readonly MessageLine _line;
    private readonly LinkWatch _watch;
    private readonly long _since;
    private readonly HashSet<FaultRule> _done = [];

    /// <summary>Follows a link.</summary>
    public LinkFaults(SandboxFaults faults, SideFaults side, Action<LinkCut> cutNow, Action wake)
    {
        _faults = faults;
        _side = side;
        _since = side.Clock.GetTimestamp();
        _line = new MessageLine(side.Clock, wake);
        _watch = new LinkWatch(faults, side, cutNow);
    }

    /// <summary>How the link is to end; null while it is not.</summary>
    public LinkCut? Cut => _watch.Cut;

    /// <summary>Whether no message waits here.</summary>
    public bool IsEmpty => _line.IsEmpty;

    /// <summary>Whether there is room for messages to wait here.</summary>
    public bool HasRoom => _line.HasRoom;

    /// <summary>Takes a message that waited here and may go.</summary>
    public bool TryTake(out byte[] frame) => _line.TryTake(out frame);

    /// <summary>Whether a message is to be sent now, as it is. Else it is lost, or will be taken here.</summary>
    public bool Pass(in RelayFrame frame)
    {
        MessagePlace place = _side.Count(frame.Number is null ? 0 : Math.Max(0, frame.Bytes.Length - HeaderLength));
        FaultSet? set = _faults.Active;
        if (set is null && _line.IsEmpty)
        {
            return true;
        }

        // What the gateway itself has to say goes through: a session's end must not hang on chance.
        bool mayHit = set is not null &&
            (frame.Number is not null || AgentMessageCodec.PeekMessageType(frame.Bytes) == MessageType.Acknowledge);
        if (!mayHit)
        {
            return Forward(frame.Bytes, new Fate());
        }

        return !_watch.Meets(set!, place) && Forward(frame.Bytes, Decide(set!, place));
    }

    public void Dispose()
    {
        _watch.Dispose();
        _line.Dispose();
    }

    private bool Forward(byte[] frame, Fate fate)
    {
        if (fate.IsLost)
        {
            return false;
        }

        if (fate.IsHarmless && _line.IsEmpty)
        {
            return true;
        }

        byte[] sent = fate.CorruptAt is long bit ? TurnBit(frame, bit) : frame;
        if (fate.OvertakenBy > 0)
        {
            _line.Hold(sent, fate.OvertakenBy);
        }
        else
        {
            _line.Add(sent, fate.Delay, fate.Pause);
        }

        if (fate.IsTwice)
        {
            _line.Add(frame, fate.Delay, fate.Pause);
        }

        return false;
    }

    private Fate Decide(FaultSet set, in MessagePlace place)
    {
        Fate fate = new();
        foreach (FaultRule rule in set.Messages)
        {
            if (!_side.IsCovered(rule) || !IsHit(set, rule, place))
            {
                continue;
            }

            ulong bits = FaultDice.Bits(set.Seed, ~rule.Index, place.Stream, place.Index);
            switch (rule.Fault.Kind)
            {
                case FaultKind.Drop:
                    return new Fate { IsLost = true };
                case FaultKind.Duplicate:
                    fate = fate with { IsTwice = true };
                    break;
                case FaultKind.Reorder:
                    fate = fate with { OvertakenBy = 1 + (int)(bits % MaxOvertaking) };
                    break;
                case FaultKind.Delay:
                    fate = fate with { Delay = fate.Delay + rule.Fault.Amount };
                    break;
                case FaultKind.SlowAgent:
                    fate = fate with { Pause = rule.Fault.Amount };
                    break;
                case FaultKind.Corrupt:
                    fate = fate with { CorruptAt = rule.Fault.AtByte is long at ? (at - place.FirstByte) * 8 : (long)(bits >> 1) };
                    break;
                default:
                    break;
            }
        }

        return fate;
    }

    private bool IsHit(FaultSet set, FaultRule rule, in MessagePlace place)
    {
        if (rule.Fault.AtTime is not TimeSpan age)
        {
            return place.IsHit(set, rule);
        }

        // The first message once the link is that old.
        return _side.Clock.GetElapsedTime(_since) >= age && _done.Add(rule) && place.IsHit(set, rule);
    }

    /// <summary>Payload only: the digest guards it, and nothing guards the numbers in the header.</summary>
    private static byte[] TurnBit(byte[] frame, long bit)
    {
        byte[] damaged = [.. frame];
        long bits = (damaged.Length - HeaderLength) * 8L;
        if (bits > 0)
        {
            bit %= bits;
            damaged[HeaderLength + (bit / 8)] ^= (byte)(1 << (int)(bit % 8));
        }

        return damaged;
    }

    /// <summary>What becomes of a message.</summary>
    private readonly record struct Fate(
        bool IsLost, bool IsTwice, int OvertakenBy, TimeSpan Delay, TimeSpan? Pause, long? CorruptAt)
    {
        public bool IsHarmless => !IsLost && !IsTwice && OvertakenBy == 0 && Delay == TimeSpan.Zero && Pause is null && CorruptAt is null;
    }
}
