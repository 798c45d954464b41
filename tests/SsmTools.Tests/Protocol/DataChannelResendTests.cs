using SsmTools.Engine.Protocol;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>Windows, time-outs and new links.</summary>
public sealed class DataChannelResendTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void The_sender_is_held_back_when_the_window_is_full()
    {
        ChannelProbe client = Open(options => options with { MaxBytesInFlight = 11 });
        Assert.True(client.Channel.TrySend(PayloadType.Output, "12345678"u8));
        Assert.True(client.Channel.TrySend(PayloadType.Output, "12345678"u8));
        Assert.False(client.Channel.CanSend);
        Assert.False(client.Channel.TrySend(PayloadType.Output, "x"u8));
        Assert.True(client.Channel.TrySend(PayloadType.Size, "{}"u8));

        Assert.Equal([0, 1, 2], client.TakeNumbers());
        client.Acknowledge(1);
        Assert.True(client.Channel.CanSend);
    }

    [Fact]
    public void An_empty_payload_uses_no_number()
    {
        ChannelProbe client = Open();
        Assert.True(client.Channel.TrySend(PayloadType.Output, default));
        Assert.True(client.Channel.TrySend(PayloadType.Output, "x"u8));

        Assert.Equal([0], client.TakeNumbers());
    }

    [Fact]
    public void Everything_overdue_is_sent_again_with_the_same_bytes_and_the_time_out_doubles()
    {
        ChannelProbe client = Open();
        client.Channel.TrySend(PayloadType.Output, "a"u8);
        client.Channel.TrySend(PayloadType.Output, "b"u8);
        List<AgentMessage> first = client.TakeFrames();
        Assert.Equal(TimeSpan.FromMilliseconds(200), client.Channel.TimeUntilDeadline);

        _time.Advance(TimeSpan.FromMilliseconds(199));
        client.Channel.OnTimer();
        Assert.Empty(client.TakeFrames());

        _time.Advance(TimeSpan.FromMilliseconds(1));
        client.Channel.OnTimer();
        List<AgentMessage> second = client.TakeFrames();
        Assert.Equal(first.Select(Identity), second.Select(Identity));
        Assert.Equal(TimeSpan.FromMilliseconds(400), client.Channel.TimeUntilDeadline);
        Assert.Equal(2, client.Channel.Resends);
    }

    [Fact]
    public void An_acknowledged_message_is_not_sent_again()
    {
        ChannelProbe client = Open();
        client.Channel.TrySend(PayloadType.Output, "a"u8);
        client.Channel.TrySend(PayloadType.Output, "b"u8);
        client.TakeFrames();
        client.Acknowledge(1);
        client.Acknowledge(1);
        client.Acknowledge(77);

        _time.Advance(TimeSpan.FromSeconds(1));
        client.Channel.OnTimer();
        Assert.Equal([0], client.TakeNumbers());

        client.Acknowledge(0);
        Assert.True(client.Channel.IsDrained);
        Assert.Null(client.Channel.TimeUntilDeadline);
    }

    [Fact]
    public void A_round_trip_longer_than_the_time_out_is_learnt_although_resends_are_not_measured()
    {
        ChannelProbe client = Open();
        TimeSpan roundTrip = TimeSpan.FromMilliseconds(600);
        int resends = 0;
        for (long number = 0; number < 12; number++)
        {
            resends = 0;
            client.Channel.TrySend(PayloadType.Output, "x"u8);
            client.TakeFrames();
            TimeSpan left = roundTrip;
            while (client.Channel.TimeUntilDeadline is { } due && due < left)
            {
                _time.Advance(due);
                left -= due;
                client.Channel.OnTimer();
                resends += client.TakeNumbers().Count;
            }

            _time.Advance(left);
            client.Acknowledge(number);
        }

        Assert.Equal(0, resends);
    }

    [Fact]
    public void A_new_link_gets_everything_unacknowledged_again_at_once_and_in_order()
    {
        ChannelProbe client = Open();
        foreach (string text in new[] { "a", "b", "c" })
        {
            client.Channel.TrySend(PayloadType.Output, System.Text.Encoding.UTF8.GetBytes(text));
        }

        client.TakeFrames();
        client.Acknowledge(1);
        client.Channel.OnDisconnected();
        Assert.True(client.Channel.TrySend(PayloadType.Output, "d"u8));
        Assert.Null(client.Channel.TimeUntilDeadline);
        Assert.Empty(client.TakeFrames());

        client.Channel.OnConnected();
        Assert.Equal([0, 2, 3], client.TakeNumbers());
        client.ReceiveOutput(1, "more");
        Assert.Equal("more", client.TakeText());
    }

    [Fact]
    public void A_burst_of_losses_is_sent_again_within_one_round_trip_and_nothing_else_is()
    {
        ChannelProbe client = Open();
        for (int i = 0; i < 500; i++)
        {
            Assert.True(client.Channel.TrySend(PayloadType.Output, "x"u8));
        }

        Assert.Equal(500, client.TakeNumbers().Count);
        _time.Advance(TimeSpan.FromMilliseconds(80));
        List<long> lost = [.. Enumerable.Range(0, 500).Where(i => i is 7 or (>= 100 and < 300) or 401).Select(i => (long)i)];
        for (long number = 0; number < 500; number++)
        {
            if (!lost.Contains(number))
            {
                client.Acknowledge(number);
            }
        }

        Assert.Equal(lost, client.TakeNumbers());
        _time.Advance(TimeSpan.FromMilliseconds(80));
        lost.ForEach(client.Acknowledge);
        Assert.True(client.Channel.IsDrained);
        Assert.Equal(202, client.Channel.Resends);
    }

    [Fact]
    public void What_is_only_reordered_a_little_is_not_sent_again()
    {
        ChannelProbe client = Open();
        for (int i = 0; i < 4; i++)
        {
            client.Channel.TrySend(PayloadType.Output, "x"u8);
        }

        client.TakeFrames();
        client.Acknowledge(1);
        client.Acknowledge(2);
        Assert.Empty(client.TakeFrames());

        client.Acknowledge(3);
        Assert.Equal([0], client.TakeNumbers());
    }

    [Fact]
    public void A_resend_that_is_lost_too_is_repaired_by_what_is_sent_after_it()
    {
        ChannelProbe client = Open();
        Send(client, 4);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        AcknowledgeAll(client, 1, 2, 3);
        Assert.Equal([0], client.TakeNumbers());

        Send(client, 3);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        AcknowledgeAll(client, 4, 5);
        Assert.Empty(client.TakeFrames());
        AcknowledgeAll(client, 6);
        Assert.Equal([0], client.TakeNumbers());
    }

    [Fact]
    public void An_acknowledgement_of_an_earlier_sending_says_nothing_of_the_messages_since()
    {
        ChannelProbe client = Open();
        Send(client, 1);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        AcknowledgeAll(client, 0);
        Send(client, 5);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        client.Channel.OnTimer();
        Assert.Equal([1, 2, 3, 4, 5], client.TakeNumbers());

        // 5 was sent last. Its first sending is acknowledged a moment after the second: 1 to 4 are still under way.
        _time.Advance(TimeSpan.FromMilliseconds(10));
        AcknowledgeAll(client, 5);
        Assert.Empty(client.TakeFrames());
    }

    private static void Send(ChannelProbe client, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(client.Channel.TrySend(PayloadType.Output, "x"u8));
        }

        Assert.Equal(count, client.TakeFrames().Count);
    }

    private static void AcknowledgeAll(ChannelProbe client, params long[] numbers) => Array.ForEach(numbers, client.Acknowledge);

    private ChannelProbe Open(Func<DataChannelOptions, DataChannelOptions>? change = null)
    {
        ChannelProbe client = new(ChannelRole.Client, _time, change);
        client.ReceiveOutput(0, "$ ");
        client.TakeText();
        client.TakeFrames();
        return client;
    }

    private static (long Number, Guid Id, string Payload) Identity(AgentMessage message) =>
        (message.SequenceNumber, message.MessageId, HexText.Of(message.Payload.Span));
}
