using System.Buffers.Binary;
using SsmTools.Engine.Protocol;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Protocol;

public sealed class AgentMessageCodecTests
{
    private static AgentMessage Sample => new()
    {
        MessageType = MessageType.OutputStreamData,
        CreatedDate = 1503434274948,
        SequenceNumber = 7,
        MessageId = new Guid("dd01e56b-ff48-483e-a508-b5f073f31b16"),
        PayloadType = PayloadType.Output,
        Payload = "hello"u8.ToArray(),
    };

    [Fact]
    public void A_frame_cut_at_any_byte_is_refused_with_a_reason()
    {
        byte[] frame = AgentMessageCodec.Encode(Sample);
        for (int length = 0; length < frame.Length; length++)
        {
            FrameError error = AgentMessageCodec.Decode(frame.AsMemory(0, length), out AgentMessage message);
            FrameError expected = length < 116 ? FrameError.TooShort
                : length < 120 ? FrameError.HeaderLength
                : FrameError.PayloadLength;
            Assert.Equal(expected, error);
            Assert.Equal(default, message);
        }
    }

    [Fact]
    public void A_byte_too_many_is_refused() => AssertRefused(FrameError.PayloadLength, frame => [.. frame, 0]);

    [Theory]
    [InlineData(0u)]
    [InlineData(111u)]
    [InlineData(122u)]
    [InlineData(0x7fffffffu)]
    [InlineData(0xfffffffcu)]
    [InlineData(0xffffffffu)]
    public void A_header_length_out_of_range_is_refused(uint headerLength) => AssertRefused(
        FrameError.HeaderLength, frame => WithUInt32(frame, 0, headerLength));

    [Fact]
    public void A_message_without_type_is_refused() => AssertRefused(
        FrameError.MessageType,
        frame =>
        {
            frame.AsSpan(4, 32).Fill((byte)' ');
            return frame;
        });

    [Fact]
    public void A_message_without_date_is_refused() => AssertRefused(
        FrameError.CreatedDate,
        frame =>
        {
            frame.AsSpan(40, 8).Clear();
            return frame;
        });

    [Fact]
    public void A_digest_that_is_not_the_payloads_is_refused() => AssertRefused(
        FrameError.PayloadDigest,
        frame =>
        {
            frame[^1] ^= 1;
            return frame;
        });

    [Fact]
    public void A_negative_sequence_number_is_refused() => AssertRefused(
        FrameError.SequenceNumber,
        frame =>
        {
            frame[48] = 0x80;
            return frame;
        });

    [Fact]
    public void Rules_are_checked_in_the_references_order()
    {
        byte[] frame = AgentMessageCodec.Encode(Sample);
        frame.AsSpan(80, 32).Clear();
        Assert.Equal(FrameError.PayloadDigest, AgentMessageCodec.Decode(frame, out _));
        frame.AsSpan(40, 8).Clear();
        Assert.Equal(FrameError.CreatedDate, AgentMessageCodec.Decode(frame, out _));
        frame.AsSpan(4, 32).Clear();
        Assert.Equal(FrameError.MessageType, AgentMessageCodec.Decode(frame, out _));
        frame.AsSpan(0, 4).Clear();
        Assert.Equal(FrameError.HeaderLength, AgentMessageCodec.Decode(frame, out _));
    }

    [Theory]
    [InlineData(MessageType.StartPublication)]
    [InlineData(MessageType.PausePublication)]
    public void Publication_messages_pass_whatever_their_header_says(string messageType)
    {
        byte[] frame = AgentMessageCodec.Encode(Sample with { MessageType = messageType });
        frame.AsSpan(0, 4).Clear();
        frame.AsSpan(40, 8).Clear();
        frame.AsSpan(80, 32).Clear();

        Assert.Equal(FrameError.None, AgentMessageCodec.Decode(frame, out AgentMessage message));
        Assert.Equal(messageType, message.MessageType);
        Assert.True(message.Payload.IsEmpty);
    }

    [Fact]
    public void Padding_with_NUL_bytes_is_taken_off_like_spaces()
    {
        byte[] frame = AgentMessageCodec.Encode(Sample);
        int end = 4 + MessageType.OutputStreamData.Length;
        frame.AsSpan(end, 36 - end).Clear();

        Assert.Equal(FrameError.None, AgentMessageCodec.Decode(frame, out AgentMessage message));
        Assert.Equal(MessageType.OutputStreamData, message.MessageType);
    }

    [Fact]
    public void An_unknown_type_and_an_empty_payload_are_messages_all_the_same()
    {
        byte[] frame = AgentMessageCodec.Encode(Sample with { MessageType = "agent_dream", Payload = default });

        Assert.Equal(FrameError.None, AgentMessageCodec.Decode(frame, out AgentMessage message));
        Assert.Equal("agent_dream", message.MessageType);
        Assert.Equal("agent_dream", AgentMessageCodec.PeekMessageType(frame));
        Assert.Null(AgentMessageCodec.PeekMessageType(frame.AsSpan(0, 35)));
    }

    [Fact]
    public void What_cannot_be_written_is_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => AgentMessageCodec.Encode(Sample with { MessageId = Guid.Empty }));
        Assert.Throws<ArgumentException>(() => AgentMessageCodec.Encode(Sample with { MessageType = "" }));
        Assert.Throws<ArgumentException>(
            () => AgentMessageCodec.Encode(Sample with { MessageType = new string('x', 33) }));
    }

    [Fact]
    public void Mutated_frames_never_make_it_throw()
    {
        Random random = new(20240915);
        byte[][] seeds =
        [
            AgentMessageCodec.Encode(Sample),
            AgentMessageCodec.Encode(Sample with { MessageType = MessageType.StartPublication }),
            ShortHeaderFrame.Create(MessageType.ChannelClosed, 1, Guid.NewGuid(), "{}"u8.ToArray()),
        ];
        int believed = 0;
        for (int round = 0; round < 100_000; round++)
        {
            byte[] frame = FrameMutator.Mutate(seeds[random.Next(seeds.Length)], random);
            if (AgentMessageCodec.Decode(frame, out AgentMessage message) == FrameError.None)
            {
                believed++;
                Assert.NotEmpty(message.MessageType);
                Assert.True(message.Payload.Length <= frame.Length - 116);
            }
        }

        Assert.InRange(believed, 1000, 99_000);
    }

    private static void AssertRefused(FrameError expected, Func<byte[], byte[]> change)
    {
        byte[] frame = change(AgentMessageCodec.Encode(Sample));
        Assert.Equal(expected, AgentMessageCodec.Decode(frame, out AgentMessage message));
        Assert.Equal(default, message);
        Assert.NotEmpty(expected.Describe());
    }

    private static byte[] WithUInt32(byte[] frame, int offset, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(offset), value);
        return frame;
    }
}
