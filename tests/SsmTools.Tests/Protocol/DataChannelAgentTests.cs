using System.Text;
using SsmTools.Engine.Protocol;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>What only the agent's end does.</summary>
public sealed class DataChannelAgentTests
{
    private const string Accepted = """
        {"ClientVersion":"1.2.677.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}
        """;

    private const string Refused = """
        {"ClientVersion":"1.2.677.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":2,"ActionResult":null,"Error":"no"}],"Errors":["no"]}
        """;

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Without_a_handshake_it_is_open_at_once_and_marks_its_first_message()
    {
        ChannelProbe agent = new(ChannelRole.Agent, _time);
        Assert.False(agent.Take(ChannelEventKind.Opened).Opening!.HasHandshake);

        agent.Channel.TrySend(PayloadType.Output, "a"u8);
        agent.Channel.TrySend(PayloadType.Output, "b"u8);

        Assert.Equal(
            [(MessageType.OutputStreamData, 0L, MessageFlags.Syn), (MessageType.OutputStreamData, 1L, MessageFlags.None)],
            agent.TakeFrames().Select(message => (message.MessageType, message.SequenceNumber, message.Flags)));
    }

    [Fact]
    public void State_goes_out_before_the_handshake_request()
    {
        ChannelProbe agent = WithHandshake();
        agent.Channel.SendControl(MessageType.AgentSessionState, "{}"u8.ToArray());

        List<AgentMessage> sent = agent.TakeFrames();
        Assert.Equal(MessageType.AgentSessionState, sent[0].MessageType);
        Assert.Equal(PayloadType.HandshakeRequest, sent[1].PayloadType);
        Assert.Equal(
            """{"AgentVersion":"3.3.1142.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream","Properties":null}}]}""",
            Encoding.UTF8.GetString(sent[1].Payload.Span));
    }

    [Fact]
    public void An_accepted_handshake_is_completed_and_early_input_is_lost_as_with_the_real_agent()
    {
        ChannelProbe agent = WithHandshake();
        agent.TakeFrames();
        agent.ReceiveInput(0, PayloadType.Output, "early"u8);
        Assert.Equal([0], agent.TakeAcknowledged());
        Assert.False(agent.Channel.CanSend);

        _time.Advance(TimeSpan.FromMilliseconds(5));
        agent.ReceiveInput(1, PayloadType.HandshakeResponse, Encoding.UTF8.GetBytes(Accepted));

        Assert.Equal("1.2.677.0", agent.Take(ChannelEventKind.Opened).Opening!.PeerVersion);
        AgentMessage complete = agent.TakeFrames().Single(message => message.PayloadType == PayloadType.HandshakeComplete);
        Assert.Equal(
            """{"HandshakeTimeToComplete":5000000,"CustomerMessage":""}""", Encoding.UTF8.GetString(complete.Payload.Span));
        agent.ReceiveInput(2, PayloadType.Output, "ls"u8);
        Assert.Equal("ls", agent.TakeText());
    }

    [Fact]
    public void A_refused_handshake_ends_the_session_with_the_agents_words()
    {
        ChannelProbe agent = WithHandshake();
        agent.ReceiveInput(0, PayloadType.HandshakeResponse, Encoding.UTF8.GetBytes(Refused));

        Assert.Equal(
            "SessionType failed on client with status 2 error: no", agent.Take(ChannelEventKind.Failed).Text);
    }

    [Fact]
    public void A_handshake_that_nobody_answers_times_out_after_15_seconds()
    {
        ChannelProbe agent = WithHandshake();
        agent.TakeFrames();
        for (TimeSpan left = TimeSpan.FromSeconds(15); agent.Channel.TimeUntilDeadline is { } due && left > due; left -= due)
        {
            Assert.False(agent.Channel.TryReadEvent(out _));
            _time.Advance(due);
            agent.Channel.OnTimer();
            Assert.All(agent.TakeFrames(), message => Assert.Equal(PayloadType.HandshakeRequest, message.PayloadType));
        }

        _time.Advance(agent.Channel.TimeUntilDeadline!.Value);
        agent.Channel.OnTimer();

        Assert.Equal(TimeSpan.FromSeconds(15), _time.GetElapsedTime(0));
        Assert.StartsWith("Handshake timed out.", agent.Take(ChannelEventKind.Failed).Text, StringComparison.Ordinal);
        Assert.Null(agent.Channel.TimeUntilDeadline);
    }

    [Theory]
    [InlineData(MessageType.StartPublication)]
    [InlineData(MessageType.Acknowledge)]
    [InlineData(MessageType.InputStreamData)]
    public void A_pause_holds_output_back_until_the_gateway_or_the_client_is_heard(string messageType)
    {
        ChannelProbe agent = new(ChannelRole.Agent, _time);
        agent.Channel.TrySend(PayloadType.Output, "a"u8);
        Assert.Equal([0], agent.TakeNumbers());

        agent.Receive(MessageType.PausePublication, 0, PayloadType.None, default);
        Assert.True(agent.Channel.IsPaused);
        Assert.True(agent.Channel.TrySend(PayloadType.Output, "b"u8));
        Assert.Null(agent.Channel.TimeUntilDeadline);
        _time.Advance(TimeSpan.FromMinutes(1));
        agent.Channel.OnTimer();
        Assert.Empty(agent.TakeFrames());

        if (messageType == MessageType.Acknowledge)
        {
            agent.Acknowledge(99);
        }
        else
        {
            agent.Receive(messageType, 0, PayloadType.Output, "x"u8);
        }

        Assert.False(agent.Channel.IsPaused);
        agent.Channel.OnTimer();
        Assert.Equal([0, 1], agent.TakeNumbers());
    }

    [Fact]
    public void A_client_takes_no_notice_of_a_pause()
    {
        ChannelProbe client = new(ChannelRole.Client, _time);
        client.ReceiveOutput(0, "$ ");
        client.TakeFrames();
        client.Receive(MessageType.PausePublication, 0, PayloadType.None, default);

        Assert.True(client.Channel.TrySend(PayloadType.Output, "x"u8));
        Assert.Equal([0], client.TakeNumbers());
    }

    [Fact]
    public void A_message_whose_acknowledgement_was_lost_does_not_pin_the_window_for_ever()
    {
        ChannelProbe agent = new(ChannelRole.Agent, _time, options => options with { MaxResends = 3 });
        agent.Channel.TrySend(PayloadType.Output, "lost acknowledgement"u8);
        agent.TakeFrames();
        int resends = 0;
        for (long number = 1; number < 20 && !agent.Channel.IsDrained; number++)
        {
            _time.Advance(agent.Channel.TimeUntilDeadline ?? TimeSpan.Zero);
            agent.Channel.OnTimer();
            resends += agent.TakeNumbers().Count;
            agent.Channel.TrySend(PayloadType.Output, "later"u8);
            agent.TakeFrames();
            agent.Acknowledge(number);
        }

        Assert.True(agent.Channel.IsDrained);
        Assert.Equal(3, resends);
    }

    private ChannelProbe WithHandshake() => new(
        ChannelRole.Agent,
        _time,
        options => options with { Handshake = new SessionTypeParameters { SessionType = SessionType.StandardStream } });
}
