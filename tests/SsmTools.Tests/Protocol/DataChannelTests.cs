using System.Text;
using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>The rules one by one, with a hand-made peer.</summary>
public sealed class DataChannelTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Messages_out_of_order_wait_for_their_turn()
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(0, "0");
        foreach (long number in new long[] { 2, 6, 4, 3 })
        {
            client.ReceiveOutput(number, $"{number}");
        }

        Assert.Equal("0", client.TakeText());
        client.ReceiveOutput(1, "1");
        Assert.Equal("1234", client.TakeText());
        Assert.Equal([0, 2, 6, 4, 3, 1], client.TakeAcknowledged());

        client.ReceiveOutput(5, "5");
        Assert.Equal("56", client.TakeText());
    }

    [Fact]
    public void What_the_buffer_cannot_hold_is_dropped_and_not_acknowledged()
    {
        ChannelProbe client = Client(options => options with { MaxMessagesBuffered = 2 });
        client.ReceiveOutput(1, "1");
        client.ReceiveOutput(2, "2");
        client.ReceiveOutput(3, "3");
        client.ReceiveOutput(long.MaxValue, "far");

        Assert.Equal([1, 2], client.TakeAcknowledged());
        client.ReceiveOutput(0, "0");
        Assert.Equal("012", client.TakeText());
    }

    [Fact]
    public void Duplicates_are_acknowledged_again_and_not_delivered_again()
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(0, "a");
        client.ReceiveOutput(0, "a");

        Assert.Equal("a", client.TakeText());
        Assert.Equal([0, 0], client.TakeAcknowledged());
    }

    [Fact]
    public void A_client_opens_with_the_first_output_when_there_is_no_handshake()
    {
        ChannelProbe client = Client();
        Assert.False(client.Channel.CanSend);
        Assert.False(client.Channel.TrySend(PayloadType.Output, "early"u8));

        client.ReceiveOutput(0, "$ ");

        ChannelEvent opened = client.Take(ChannelEventKind.Opened);
        Assert.Equal(SessionType.StandardStream, opened.Opening!.SessionType);
        Assert.False(opened.Opening.HasHandshake);
        Assert.Equal("$ ", client.TakeText());
        Assert.True(client.Channel.CanSend);
    }

    [Fact]
    public void A_handshake_is_acknowledged_then_answered_and_opens_when_complete()
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(0, PayloadType.HandshakeRequest, Request("3.3.987.0", SessionTypeAction("Port", """{"portNumber":"22"}""")));

        List<AgentMessage> sent = client.TakeFrames();
        Assert.Equal([MessageType.Acknowledge, MessageType.InputStreamData], sent.Select(message => message.MessageType));
        Assert.Equal(PayloadType.HandshakeResponse, sent[1].PayloadType);
        Assert.Equal(0, sent[1].SequenceNumber);
        Assert.Equal(
            """{"ClientVersion":"1.2.694.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}""",
            Encoding.UTF8.GetString(sent[1].Payload.Span));
        Assert.False(client.Channel.CanSend);

        client.ReceiveOutput(1, PayloadType.HandshakeComplete, """{"HandshakeTimeToComplete":1000,"CustomerMessage":"hello"}"""u8);

        ChannelOpening opening = client.Take(ChannelEventKind.Opened).Opening!;
        Assert.Equal("Port", opening.SessionType);
        Assert.Equal("3.3.987.0", opening.PeerVersion);
        Assert.Equal("22", opening.Properties!.Value.GetProperty("portNumber").GetString());
        Assert.Equal("hello", opening.CustomerMessage);
        Assert.True(client.Channel.TrySend(PayloadType.Output, "x"u8));
        AgentMessage input = client.TakeFrames().Single(message => message.MessageType == MessageType.InputStreamData);
        Assert.Equal(1, input.SequenceNumber);
    }

    [Fact]
    public void Actions_that_a_client_cannot_do_are_refused_with_reasons_in_the_same_order()
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(0, PayloadType.HandshakeRequest, Request(
            "3.3.987.0",
            SessionTypeAction("Teleport", "null"),
            """{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":""}}""",
            """{"ActionType":"Dance","ActionParameters":null}"""));

        AgentMessage answer = client.TakeFrames().Single(message => message.PayloadType == PayloadType.HandshakeResponse);
        Assert.True(ProtocolJson.TryRead(
            answer.Payload.Span, ProtocolJson.Wire.HandshakeResponsePayload, out HandshakeResponsePayload? response));
        Assert.Equal(
            [("SessionType", 2), ("KMSEncryption", 2), ("Dance", 3)],
            response.ProcessedClientActions!.Select(action => (action.ActionType!, action.ActionStatus)));
        Assert.Equal("Failed to process action SessionType: Unknown session type Teleport", response.Errors![0]);
        Assert.Contains("KMS", response.Errors[1], StringComparison.Ordinal);
        Assert.Equal("Unsupported action Dance", response.Errors[2]);
    }

    [Fact]
    public void A_second_handshake_request_is_acknowledged_and_not_answered()
    {
        ChannelProbe client = Client();
        byte[] request = Request("3.3.987.0", SessionTypeAction("Standard_Stream", "null"));
        client.ReceiveOutput(0, PayloadType.HandshakeRequest, request);
        client.ReceiveOutput(1, PayloadType.HandshakeRequest, request);

        Assert.Single(client.TakeFrames(), message => message.PayloadType == PayloadType.HandshakeResponse);
    }

    [Fact]
    public void A_handshake_that_asks_for_thousands_of_things_is_not_answered_at_thirty_times_its_length()
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(0, PayloadType.HandshakeRequest, Request("3.3.987.0", [.. Enumerable.Repeat("{}", 10_000)]));

        Assert.Contains("more than 64", client.Take(ChannelEventKind.Failed).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(client.TakeFrames(), message => message.PayloadType == PayloadType.HandshakeResponse);
    }

    [Fact]
    public void A_handshake_that_comes_out_of_order_is_one_all_the_same()
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(1, PayloadType.HandshakeComplete, "{}"u8);
        client.ReceiveOutput(0, PayloadType.HandshakeRequest, Request("3.3.987.0", SessionTypeAction("Standard_Stream", "null")));

        Assert.True(client.Take(ChannelEventKind.Opened).Opening!.HasHandshake);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("null")]
    public void A_handshake_request_that_is_no_JSON_ends_the_session_with_words(string payload)
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(0, PayloadType.HandshakeRequest, Encoding.UTF8.GetBytes(payload));

        Assert.Contains("handshake request", client.Take(ChannelEventKind.Failed).Text, StringComparison.Ordinal);
        client.ReceiveOutput(1, "late");
        Assert.Equal("", client.TakeText());
    }

    [Fact]
    public void While_the_owner_is_not_ready_nothing_is_acknowledged_or_delivered()
    {
        ChannelProbe client = Client();
        client.Channel.AcceptsPayloads = false;
        client.ReceiveOutput(0, "a");
        client.ReceiveOutput(1, "b");
        Assert.Empty(client.TakeAcknowledged());
        Assert.Equal("", client.TakeText());

        client.Channel.AcceptsPayloads = true;
        Assert.Equal("ab", client.TakeText());
        Assert.Equal([0, 1], client.TakeAcknowledged());
    }

    [Fact]
    public void Who_sends_again_while_the_owner_is_not_ready_gets_a_sign_of_life()
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(0, "a");
        Assert.Equal([0], client.TakeAcknowledged());
        client.Channel.AcceptsPayloads = false;
        client.ReceiveOutput(1, "b");
        Assert.Empty(client.TakeAcknowledged());

        client.ReceiveOutput(1, "b");

        Assert.Equal([0], client.TakeAcknowledged());
        client.Channel.AcceptsPayloads = true;
        Assert.Equal("ab", client.TakeText());
        Assert.Equal([1], client.TakeAcknowledged());
    }

    [Fact]
    public void What_came_before_its_turn_and_was_acknowledged_is_not_acknowledged_again()
    {
        ChannelProbe client = Client();
        client.ReceiveOutput(1, "b");
        Assert.Equal([1], client.TakeAcknowledged());
        client.Channel.AcceptsPayloads = false;
        client.ReceiveOutput(0, "a");

        client.Channel.AcceptsPayloads = true;

        Assert.Equal("ab", client.TakeText());
        Assert.Equal([0], client.TakeAcknowledged());
    }

    [Fact]
    public void Channel_closed_with_the_short_header_ends_the_session_with_the_services_words()
    {
        ChannelProbe client = Client();
        byte[] payload = ProtocolJson.Write(
            new ChannelClosedPayload { Output = "Your session timed out due to inactivity and has been terminated." },
            ProtocolJson.Wire.ChannelClosedPayload);
        client.Channel.Receive(ShortHeaderFrame.Create(MessageType.ChannelClosed, 1, Guid.NewGuid(), payload));

        Assert.StartsWith("Your session timed out", client.Take(ChannelEventKind.Closed).Text, StringComparison.Ordinal);
        Assert.False(client.Channel.IsOpen);
    }

    [Fact]
    public void Channel_closed_means_the_end_whatever_its_payload_is()
    {
        ChannelProbe client = Client();
        client.Receive(MessageType.ChannelClosed, 0, PayloadType.None, "not JSON"u8);

        Assert.Equal("", client.Take(ChannelEventKind.Closed).Text);
    }

    [Fact]
    public void Start_publication_with_a_header_of_nothing_changes_nothing()
    {
        ChannelProbe client = Client();
        byte[] frame = new byte[120];
        frame.AsSpan(4, 32).Fill((byte)' ');
        Encoding.ASCII.GetBytes(MessageType.StartPublication, frame.AsSpan(4));
        client.Channel.Receive(frame);
        client.ReceiveOutput(0, "$ ");

        Assert.Equal("$ ", client.TakeText());
    }

    [Fact]
    public void Frames_that_are_no_messages_are_told_and_dropped()
    {
        ChannelProbe client = Client();
        client.Channel.Receive("hello"u8.ToArray());
        client.Receive(MessageType.Acknowledge, 0, PayloadType.None, """{"AcknowledgedMessageSequenceNumber":"0"}"""u8);

        Assert.Equal(FrameError.TooShort, client.Take(ChannelEventKind.Rejected).Error);
        Assert.Equal(FrameError.Payload, client.Take(ChannelEventKind.Rejected).Error);
    }

    [Fact]
    public void What_an_end_does_not_receive_is_ignored()
    {
        ChannelProbe client = Client();
        client.Receive(MessageType.InputStreamData, 0, PayloadType.Output, "echo"u8);
        client.Receive("agent_dream", 0, PayloadType.None, "{}"u8);

        Assert.False(client.Channel.TryReadEvent(out _));
        Assert.Empty(client.TakeFrames());
    }

    private ChannelProbe Client(Func<DataChannelOptions, DataChannelOptions>? change = null) =>
        new(ChannelRole.Client, _time, change);

    private static string SessionTypeAction(string type, string properties) =>
        $$$"""{"ActionType":"SessionType","ActionParameters":{"SessionType":"{{{type}}}","Properties":{{{properties}}}}}""";

    private static byte[] Request(string agentVersion, params string[] actions)
    {
        string json = $$"""{"AgentVersion":"{{agentVersion}}","RequestedClientActions":[{{string.Join(',', actions)}}]}""";
        using JsonDocument check = JsonDocument.Parse(json);
        return Encoding.UTF8.GetBytes(json);
    }
}
