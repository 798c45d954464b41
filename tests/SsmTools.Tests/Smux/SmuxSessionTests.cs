using SsmTools.Engine.Smux;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Smux;

/// <summary>The rules of the protocol, one by one (xtaci/smux, session.go and stream.go).</summary>
public sealed class SmuxSessionTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("0200000003000000")] // version 2
    [InlineData("0000000003000000")] // no version
    [InlineData("0104080003000000")] // a window update, which version 1 has not
    [InlineData("01ff000003000000")]
    public void What_is_not_version_1_is_fatal(string hex)
    {
        SmuxSession session = Server();

        List<SmuxEvent> events = Give(session, hex + "0100000003000000");

        SmuxEvent broken = Assert.Single(events);
        Assert.Equal(SmuxEventKind.Broken, broken.Kind);
        Assert.True(session.IsBroken);
        Assert.Throws<IOException>(() => session.Open());
        Assert.Empty(Give(session, "0100000005000000"));
    }

    [Fact]
    public void Opening_a_stream_that_is_open_is_ignored()
    {
        SmuxSession session = Server();

        Assert.Single(Give(session, "01000000030000000100000003000000"));
    }

    [Fact]
    public void Data_of_an_unknown_stream_is_thrown_away()
    {
        SmuxSession session = Server();

        // Five bytes for stream 9, and its end; then a stream that is real.
        List<SmuxEvent> events = Give(session, "010205000900000068656c6c6f" + "0101000009000000" + "0100000003000000");

        Assert.Equal(new SmuxEvent(SmuxEventKind.Opened, 3), Assert.Single(events));
    }

    [Fact]
    public void Data_behind_the_end_is_thrown_away()
    {
        SmuxSession session = Server();
        Give(session, "0100000003000000" + "0101000003000000");

        Assert.Empty(Give(session, "010205000300000068656c6c6f" + "0101000003000000"));
    }

    [Fact]
    public void A_frame_of_the_greatest_length_is_taken()
    {
        SmuxSession session = Server();
        Give(session, "0100000003000000");
        byte[] frame = new byte[8 + 65535];
        SmuxFrame.Write(frame, SmuxCommand.Push, 3, 65535);

        session.Receive(frame);

        Assert.True(session.TryReadEvent(out SmuxEvent data));
        Assert.Equal(65535, data.Data.Length);
        Assert.False(session.TryReadEvent(out _));
    }

    [Fact]
    public void An_empty_frame_is_ignored()
    {
        SmuxSession session = Server();
        Give(session, "0100000003000000");

        Assert.Equal(SmuxEventKind.Finished, Assert.Single(Give(session, "0102000003000000" + "0101000003000000")).Kind);
    }

    [Fact]
    public void More_may_only_come_when_what_came_was_read()
    {
        SmuxSession session = Server();
        session.Receive(new byte[] { 1 });

        Assert.Throws<InvalidOperationException>(() => session.Receive(new byte[] { 0 }));
    }

    [Fact]
    public void What_comes_for_a_closed_stream_is_thrown_away()
    {
        SmuxSession session = Client();
        uint stream = session.Open();

        session.Close(stream);

        Assert.Empty(Give(session, "010205000300000068656c6c6f" + "0101000003000000"));
        Assert.False(session.Write(stream, "x"u8));
    }

    [Fact]
    public void A_stream_is_forgotten_when_its_end_was_sent()
    {
        SmuxSession session = Client();
        uint stream = session.Open();
        session.Write(stream, "x"u8);
        session.Close(stream);
        Assert.Equal(1, session.StreamCount);

        Take(session);

        Assert.Equal(0, session.StreamCount);
    }

    [Fact]
    public void An_end_of_writing_leaves_reading()
    {
        SmuxSession session = Client();
        uint stream = session.Open();
        session.FinishWriting(stream);
        Assert.Equal("0100000003000000" + "0101000003000000", Take(session));

        Assert.Equal(SmuxEventKind.Data, Assert.Single(Give(session, "010205000300000068656c6c6f")).Kind);
        Assert.False(session.Write(stream, "x"u8));

        session.Close(stream);
        Assert.Equal("", Take(session));
        Assert.Equal(0, session.StreamCount);
    }

    [Fact]
    public void A_stream_given_up_sends_its_end_only()
    {
        SmuxSession session = Client();
        uint stream = session.Open();
        session.Write(stream, new byte[100_000]);

        session.Abort(stream);

        Assert.Equal("0100000003000000" + "0101000003000000", Take(session));
        Assert.Equal(0, session.QueuedBytes);
    }

    [Fact]
    public void Streams_beyond_the_bound_are_closed_at_once()
    {
        SmuxSession session = new(new SmuxOptions { Role = SmuxRole.Server, MaxStreams = 2 }, _time);

        List<SmuxEvent> events = Give(session, "0100000003000000" + "0100000005000000" + "0100000007000000");

        Assert.Equal([3u, 5u], events.Select(smuxEvent => smuxEvent.StreamId));
        Assert.Equal("0101000007000000", Take(session));
    }

    [Fact]
    public void A_server_opens_even_streams()
    {
        SmuxSession session = Server();

        Assert.Equal((2u, 4u), (session.Open(), session.Open()));
    }

    [Fact]
    public void Small_writes_share_a_frame_and_a_payload()
    {
        SmuxSession session = Client();
        uint stream = session.Open();
        for (int i = 0; i < 5; i++)
        {
            session.Write(stream, "x"u8);
        }

        Assert.Equal("0100000003000000" + "01020500030000007878787878", Take(session));
    }

    [Fact]
    public void A_long_write_becomes_one_full_frame_a_payload()
    {
        SmuxSession session = Client();
        uint stream = session.Open();
        session.Write(stream, new byte[100_000]);

        List<int> lengths = [];
        while (session.TryDequeuePayload(out ReadOnlyMemory<byte> payload))
        {
            lengths.Add(payload.Length);
        }

        Assert.Equal([8, 32776, 32776, 32776, 1704], lengths);
    }

    [Fact]
    public void Streams_take_turns()
    {
        SmuxSession session = Client();
        uint[] streams = [session.Open(), session.Open(), session.Open()];
        Take(session);
        session.Write(streams[0], new byte[200_000]);
        session.Write(streams[1], new byte[70_000]);
        session.Write(streams[2], "x"u8);

        List<uint> turns = [];
        while (session.TryDequeuePayload(out _))
        {
            turns.AddRange(session.Served);
        }

        Assert.Equal([3u, 5u, 7u, 3u, 5u, 3u, 5u, 3u, 3u, 3u, 3u], turns);
    }

    [Fact]
    public void Without_keep_alive_there_is_no_deadline()
    {
        SmuxSession session = Client();

        _time.Advance(TimeSpan.FromDays(1));
        session.OnTimer();

        Assert.Null(session.TimeUntilDeadline);
        Assert.False(session.TryDequeuePayload(out _));
    }

    [Fact]
    public void With_keep_alive_a_silent_peer_is_given_up_after_a_whole_period()
    {
        SmuxSession session = new(new SmuxOptions { Role = SmuxRole.Client, KeepAlive = true }, _time);
        Run(session, TimeSpan.FromSeconds(15));
        Give(session, "0103000000000000"); // heard in the first period, not in the second

        Assert.Empty(Run(session, TimeSpan.FromSeconds(44)));
        SmuxEvent broken = Assert.Single(Run(session, TimeSpan.FromSeconds(1)));

        Assert.Equal(SmuxEventKind.Broken, broken.Kind);
        Assert.Contains("30 seconds", broken.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_is_held_back_is_not_given_up()
    {
        SmuxSession session = new(new SmuxOptions { Role = SmuxRole.Client, KeepAlive = true }, _time) { IsPaused = true };

        Assert.Empty(Run(session, TimeSpan.FromMinutes(10)));
        session.IsPaused = false;
        Assert.Single(Run(session, TimeSpan.FromMinutes(1)));
    }

    private SmuxSession Client() => new(new SmuxOptions { Role = SmuxRole.Client }, _time);

    private SmuxSession Server() => new(new SmuxOptions { Role = SmuxRole.Server }, _time);

    private List<SmuxEvent> Run(SmuxSession session, TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            session.OnTimer();
        }

        return Read(session);
    }

    private static List<SmuxEvent> Give(SmuxSession session, string hex)
    {
        session.Receive(Convert.FromHexString(hex));
        return Read(session);
    }

    private static List<SmuxEvent> Read(SmuxSession session)
    {
        List<SmuxEvent> events = [];
        while (session.TryReadEvent(out SmuxEvent smuxEvent))
        {
            events.Add(smuxEvent);
        }

        return events;
    }

    private static string Take(SmuxSession session)
    {
        string sent = "";
        while (session.TryDequeuePayload(out ReadOnlyMemory<byte> payload))
        {
            sent += HexText.Of(payload.Span);
        }

        return sent;
    }
}
