using System.Text;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Faults;
using SsmTools.Sandbox.Gateway;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Faults;

/// <summary>What becomes of the messages of one link, without a link.</summary>
public sealed class LinkFaultsTests
{
    private readonly SandboxFaults _faults = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<LinkCut> _cuts = [];
    private int _woken;

    [Fact]
    public void Without_faults_everything_passes_as_it_is()
    {
        using LinkFaults link = Attach();

        Assert.True(link.Pass(Frame(0)));
        Assert.False(link.TryTake(out _));
        Assert.True(link.IsEmpty);
    }

    [Fact]
    public void The_same_seed_loses_the_same_messages_and_another_seed_others()
    {
        _faults.Set(["drop=10%"], seed: 1);
        List<int> first = Passing(500);
        _faults.Set(["drop=10%"], seed: 1);
        List<int> again = Passing(500);
        _faults.Set(["drop=10%"], seed: 2);
        List<int> other = Passing(500);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(500 - first.Count, 25, 75);
        Assert.Equal(500 - other.Count, _faults.Current[0].Hits);
    }

    [Fact]
    public void Directions_sessions_and_nodes_can_be_told_apart()
    {
        _faults.Set(["drop:up", "drop:i-2", "drop:s-2"]);

        Assert.Equal([0, 1, 2], Passing(3, FaultSide.Client));
        Assert.Empty(Passing(3, FaultSide.Agent));
        Assert.Empty(Passing(3, FaultSide.Client, target: "i-2"));
        Assert.Empty(Passing(3, FaultSide.Client, session: "s-2"));
    }

    [Fact]
    public void A_byte_of_the_stream_hits_the_message_that_holds_it_once()
    {
        _faults.Set(["drop@25"]);

        Assert.Equal([0, 1, 3, 4], Passing(5, length: 10));
        Assert.Equal(1, _faults.Current[0].Hits);
    }

    [Fact]
    public void A_fault_acts_no_more_often_than_it_may()
    {
        _faults.Set(["drop:x2"]);

        Assert.Equal([2, 3, 4], Passing(5));
        Assert.Equal(2, _faults.Current[0].Hits);
    }

    [Fact]
    public void What_the_gateway_itself_says_always_passes()
    {
        _faults.Set(["drop"]);
        using LinkFaults link = Attach();
        byte[] closed = AgentMessageCodec.Encode(new AgentMessage
        {
            MessageType = MessageType.ChannelClosed, CreatedDate = 1, MessageId = Guid.NewGuid(), Payload = "{}"u8.ToArray(),
        });

        Assert.True(link.Pass(new RelayFrame(closed, null)));
        Assert.False(link.Pass(Frame(0)));
    }

    [Fact]
    public void Acknowledgements_are_lost_as_well()
    {
        _faults.Set(["drop"]);
        using LinkFaults link = Attach();
        Assert.Equal(FrameError.None, AgentMessageCodec.Decode(Frame(0).Bytes, out AgentMessage message));

        Assert.False(link.Pass(new RelayFrame(Acknowledgements.Of(message), null)));
        Assert.True(link.IsEmpty);
    }

    [Fact]
    public void A_duplicate_comes_right_behind()
    {
        _faults.Set(["duplicate"]);

        Assert.Equal([0, 0, 1, 1], Flow(2));
    }

    [Fact]
    public void A_reordered_message_is_overtaken_by_at_most_three_and_waits_no_longer_than_its_patience()
    {
        _faults.Set(["reorder=10%"], seed: 3);

        List<int> flow = Flow(200);

        Assert.Equal(Enumerable.Range(0, 200), flow.Order());
        Assert.NotEqual(flow.Order(), flow);
        Assert.All(flow, (number, place) => Assert.InRange(place - number, -6, 3));

        _faults.Set(["reorder"]);
        _woken = 0;
        using LinkFaults link = Attach();
        Assert.False(link.Pass(Frame(0)));
        Assert.False(link.TryTake(out _));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, _woken);
        Assert.True(link.TryTake(out _));
    }

    [Fact]
    public void A_delay_holds_up_what_is_behind_it_and_delays_do_not_add_up()
    {
        _faults.Set(["delay=100ms:x2"]);
        using LinkFaults link = Attach();
        for (int i = 0; i < 3; i++)
        {
            Assert.False(link.Pass(Frame(i)));
        }

        Assert.False(link.TryTake(out _));
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(link.TryTake(out _));
        Assert.Equal(0, _woken);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _woken);

        Assert.Equal([0, 1, 2], TakeAll(link));
        Assert.True(link.IsEmpty);
    }

    [Fact]
    public void A_slow_agent_gets_one_message_after_the_other()
    {
        _faults.Set(["slow-agent=50ms"]);
        using LinkFaults link = Attach(FaultSide.Agent);
        for (int i = 0; i < 3; i++)
        {
            Assert.False(link.Pass(Frame(i)));
        }

        Assert.Equal([0], TakeAll(link));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal([1], TakeAll(link));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal([2], TakeAll(link));
    }

    [Fact]
    public void Corruption_turns_one_bit_of_a_copy_and_the_digest_notices()
    {
        _faults.Set(["corrupt"]);
        using LinkFaults link = Attach();
        RelayFrame frame = Frame(0, 100);
        byte[] before = [.. frame.Bytes];

        Assert.False(link.Pass(frame));

        Assert.Equal(before, frame.Bytes);
        Assert.True(link.TryTake(out byte[] damaged));
        Assert.Equal(1, damaged.Zip(before).Sum(pair => int.PopCount(pair.First ^ pair.Second)));
        Assert.Equal(FrameError.PayloadDigest, AgentMessageCodec.Decode(damaged, out _));
    }

    [Fact]
    public void Corruption_at_a_byte_is_at_that_byte()
    {
        _faults.Set(["corrupt@15"]);
        using LinkFaults link = Attach();
        Assert.True(link.Pass(Frame(0, 10)));
        RelayFrame frame = Frame(1, 10);
        Assert.False(link.Pass(frame));

        Assert.True(link.TryTake(out byte[] damaged));
        Assert.Equal(125, damaged.Zip(frame.Bytes).TakeWhile(pair => pair.First == pair.Second).Count());
    }

    [Fact]
    public void A_link_ends_at_a_byte_at_its_age_or_at_once()
    {
        _faults.Set(["close=1000@15"]);
        using (LinkFaults link = Attach())
        {
            Assert.True(link.Pass(Frame(0, 10)));
            Assert.Null(link.Cut);
            Assert.False(link.Pass(Frame(1, 10)));
            Assert.Equal(new LinkCut(false, 1000), link.Cut);
        }

        _faults.Set(["half-open@10s"]);
        using (LinkFaults link = Attach())
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            Assert.Null(link.Cut);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(new LinkCut(true, null), link.Cut);
        }

        _faults.Clear();
        using (LinkFaults link = Attach())
        {
            Assert.Null(link.Cut);
            _faults.Set(["close:agent"]);
            Assert.Null(link.Cut);
            _faults.Set(["close"]);
            Assert.Equal(new LinkCut(false, null), link.Cut);
        }

        Assert.Equal(3, _cuts.Count);
        Assert.Equal(1, _faults.Current[0].Hits);
    }

    [Fact]
    public void A_link_is_not_ended_by_a_fault_that_was_switched_off_or_twice()
    {
        _faults.Set(["close@10s", "close@11s"]);
        using (LinkFaults link = Attach())
        {
            _faults.Clear();
            _time.Advance(TimeSpan.FromSeconds(20));
            Assert.Null(link.Cut);
            _faults.Set(["close@10s", "close@11s"]);
            _time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Single(_cuts);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal([1, 0], _faults.Current.Select(fault => fault.Hits));
    }

    [Fact]
    public void Where_one_of_several_is_not_understood_all_stays_as_it_was()
    {
        _faults.Set(["drop=1%"], seed: 7);

        Assert.Throws<SsmTools.Engine.EngineException>(() => _faults.Set(["close", "drip"]));

        Assert.Equal([new FaultStatus("drop=1%", "drop", 0, 7)], _faults.Current);
        _faults.Clear();
        Assert.Empty(_faults.Current);
    }

    private static RelayFrame Frame(int number, int length = 10) => new(
        AgentMessageCodec.Encode(new AgentMessage
        {
            MessageType = MessageType.OutputStreamData,
            CreatedDate = 1,
            SequenceNumber = number,
            MessageId = Guid.NewGuid(),
            PayloadType = PayloadType.Output,
            Payload = Encoding.ASCII.GetBytes(new string('x', length)),
        }),
        number);

    private LinkFaults Attach(FaultSide side = FaultSide.Client, string session = "s-1", string target = "i-1")
    {
        SessionRecord record = new()
        {
            SessionId = session,
            Sequence = 1,
            Target = target,
            Owner = "",
            DocumentName = "",
            Started = default,
        };
        return new SideFaults(_faults, record, side, _time).Attach(_cuts.Add, () => _woken++);
    }

    private List<int> Passing(
        int count, FaultSide side = FaultSide.Client, string session = "s-1", string target = "i-1", int length = 10)
    {
        using LinkFaults link = Attach(side, session, target);
        return [.. Enumerable.Range(0, count).Where(number => link.Pass(Frame(number, length)))];
    }

    private List<int> Flow(int count)
    {
        using LinkFaults link = Attach();
        List<int> flow = [];
        for (int i = 0; i < count; i++)
        {
            if (link.Pass(Frame(i)))
            {
                flow.Add(i);
            }

            flow.AddRange(TakeAll(link));
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        flow.AddRange(TakeAll(link));
        return flow;
    }

    private static List<int> TakeAll(LinkFaults link)
    {
        List<int> taken = [];
        while (link.TryTake(out byte[] frame))
        {
            Assert.Equal(FrameError.None, AgentMessageCodec.Decode(frame, out AgentMessage message));
            taken.Add((int)message.SequenceNumber);
        }

        return taken;
    }
}
