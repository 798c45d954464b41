using System.Text;
using SsmTools.Engine.Protocol;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>One end of a data channel under test, and the hand-made peer that talks to it.</summary>
internal sealed class ChannelProbe : IDisposable
{
    private readonly TimeProvider _time;

    public ChannelProbe(ChannelRole role, TimeProvider time, Func<DataChannelOptions, DataChannelOptions>? change = null)
    {
        DataChannelOptions options = new() { Role = role };
        _time = time;
        Channel = new DataChannel(change?.Invoke(options) ?? options, time);
    }

    public DataChannel Channel { get; }

    public void Dispose() => Channel.Dispose();

    public void ReceiveOutput(long number, string text) =>
        ReceiveOutput(number, PayloadType.Output, Encoding.UTF8.GetBytes(text));

    public void ReceiveOutput(long number, PayloadType payloadType, ReadOnlySpan<byte> payload) =>
        Receive(MessageType.OutputStreamData, number, payloadType, payload);

    public void ReceiveInput(long number, PayloadType payloadType, ReadOnlySpan<byte> payload) =>
        Receive(MessageType.InputStreamData, number, payloadType, payload);

    public void Acknowledge(long number) => Receive(
        MessageType.Acknowledge,
        0,
        PayloadType.None,
        Encoding.UTF8.GetBytes($$"""{"acknowledgedmessagesequencenumber":{{number}},"Extra":[{"AcknowledgedMessageSequenceNumber":-1}]}"""));

    public void Receive(string messageType, long number, PayloadType payloadType, ReadOnlySpan<byte> payload) =>
        Channel.Receive(AgentMessageCodec.Encode(new AgentMessage
        {
            MessageType = messageType,
            CreatedDate = (ulong)_time.GetUtcNow().ToUnixTimeMilliseconds(),
            SequenceNumber = number,
            MessageId = Guid.NewGuid(),
            PayloadType = payloadType,
            Payload = payload.ToArray(),
        }));

    /// <summary>Everything that waits to be written.</summary>
    public List<AgentMessage> TakeFrames()
    {
        List<AgentMessage> messages = [];
        while (Channel.TryDequeueFrame(out ReadOnlyMemory<byte> frame))
        {
            Assert.Equal(FrameError.None, AgentMessageCodec.Decode(frame.ToArray(), out AgentMessage message));
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Everything that waits to be written, which must be acknowledgements: their numbers.</summary>
    public List<long> TakeAcknowledged() => TakeFrames().ConvertAll(message =>
    {
        Assert.Equal(MessageType.Acknowledge, message.MessageType);
        Assert.Equal(MessageFlags.SynFin, message.Flags);
        Assert.True(ProtocolJson.TryRead(
            message.Payload.Span, ProtocolJson.Wire.AcknowledgePayload, out AcknowledgePayload? payload));
        return payload.AcknowledgedMessageSequenceNumber;
    });

    /// <summary>The numbers of the stream data messages that wait to be written.</summary>
    public List<long> TakeNumbers() => [.. TakeFrames()
        .Where(message => MessageType.IsStreamData(message.MessageType))
        .Select(message => message.SequenceNumber)];

    /// <summary>The next event, which must be of this kind.</summary>
    public ChannelEvent Take(ChannelEventKind kind)
    {
        Assert.True(Channel.TryReadEvent(out ChannelEvent channelEvent), $"{kind} was expected, nothing came");
        Assert.Equal(kind, channelEvent.Kind);
        return channelEvent;
    }

    /// <summary>The payloads of all events that wait, as text.</summary>
    public string TakeText()
    {
        StringBuilder text = new();
        while (Channel.TryReadEvent(out ChannelEvent channelEvent))
        {
            text.Append(Encoding.UTF8.GetString(channelEvent.Data.Span));
        }

        return text.ToString();
    }
}
