using SsmTools.Engine.Protocol;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Protocol;

/// <summary>How badly a <see cref="SimulatedLink"/> treats what it carries.</summary>
internal sealed record LinkFaults
{
    public double Loss { get; init; }

    public double Duplication { get; init; }

    public double Damage { get; init; }

    public TimeSpan MinDelay { get; init; }

    /// <summary>Every frame takes its own time between the two, so a span means reordering.</summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>Frames delivered after which the link breaks, losing all under way; 0 for never.</summary>
    public int BreakEvery { get; init; }
}

/// <summary>Two data channels and what lies between them, on a clock of its own. One run is one schedule.</summary>
internal sealed class SimulatedLink(DataChannel client, DataChannel agent, LinkFaults faults, ManualTimeProvider time, Random random)
{
    private readonly PriorityQueue<(DataChannel To, byte[] Frame), (long At, long Order)> _underWay = new();
    private long _order;
    private int _sinceBreak;

    public DataChannel Client { get; } = client;

    public DataChannel Agent { get; } = agent;

    public int Carried { get; private set; }

    /// <summary>Lets both ends send what they have and delivers or times out whatever is next. False when nothing is left.</summary>
    public bool Step()
    {
        do
        {
            Carry(Client, Agent);
            Carry(Agent, Client);
        }
        while (BreakIfDue());

        TimeSpan? deadline = Min(Client.TimeUntilDeadline, Agent.TimeUntilDeadline);
        if (_underWay.TryPeek(out _, out (long At, long Order) next)
            && !(deadline < TimeSpan.FromTicks(next.At - time.GetTimestamp())))
        {
            time.Advance(TimeSpan.FromTicks(Math.Max(0, next.At - time.GetTimestamp())));
            (DataChannel to, byte[] frame) = _underWay.Dequeue();
            to.Receive(frame);
            _sinceBreak++;
            return true;
        }

        if (deadline is not { } delay)
        {
            return false;
        }

        time.Advance(delay);
        Client.OnTimer();
        Agent.OnTimer();
        return true;
    }

    private void Carry(DataChannel from, DataChannel to)
    {
        while (from.TryDequeueFrame(out ReadOnlyMemory<byte> frame))
        {
            Carried++;
            if (random.NextDouble() >= faults.Loss)
            {
                Send(to, frame);
            }

            if (random.NextDouble() < faults.Duplication)
            {
                Send(to, frame);
            }
        }
    }

    private bool BreakIfDue()
    {
        if (faults.BreakEvery == 0 || _sinceBreak < faults.BreakEvery)
        {
            return false;
        }

        _sinceBreak = 0;
        _underWay.Clear();
        Client.OnDisconnected();
        Agent.OnDisconnected();
        time.Advance(TimeSpan.FromMilliseconds(random.Next(5000)));
        Client.OnConnected();
        Agent.OnConnected();
        return true;
    }

    private void Send(DataChannel to, ReadOnlyMemory<byte> frame)
    {
        byte[] copy = frame.ToArray();
        if (random.NextDouble() < faults.Damage)
        {
            copy = FrameMutator.DamagePayload(copy, random);
        }

        double share = random.NextDouble();
        long delay = faults.MinDelay.Ticks + (long)(share * (faults.MaxDelay - faults.MinDelay).Ticks);
        _underWay.Enqueue((to, copy), (time.GetTimestamp() + delay, _order++));
    }

    private static TimeSpan? Min(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
}
