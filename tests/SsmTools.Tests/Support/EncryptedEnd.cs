using SsmTools.Engine.Protocol;

namespace SsmTools.Tests.Support;

/// <summary>
/// One end of an encrypted session that was opened properly, for somebody who took the other end over, keys and all: what
/// he says is believed to be the peer's.
/// </summary>
internal sealed class EncryptedEnd
{
    private static readonly byte[] s_dataKey = [.. Enumerable.Range(0, SessionKeys.DataKeyLength).Select(i => (byte)(i * 7))];

    private readonly ChannelRole _peer;
    private readonly SessionKeys _keys;

    private EncryptedEnd(ChannelRole peer, DataChannel channel, long expected)
    {
        _peer = peer;
        _keys = new SessionKeys(peer, s_dataKey);
        Channel = channel;
        Expected = expected;
    }

    /// <summary>The end that is left.</summary>
    public DataChannel Channel { get; }

    /// <summary>The number of the message that it waits for.</summary>
    public long Expected { get; }

    /// <summary>Opens a session.</summary>
    /// <param name="role">Which end is to be left.</param>
    /// <param name="timeProvider">Its clock.</param>
    public static EncryptedEnd Open(ChannelRole role, TimeProvider timeProvider)
    {
        DataChannel client = new(new DataChannelOptions { Role = ChannelRole.Client }, timeProvider);
        DataChannel agent = new(
            new DataChannelOptions
            {
                Role = ChannelRole.Agent,
                MaxResends = 20,
                Handshake = new SessionTypeParameters { SessionType = SessionType.StandardStream },
                Encryption = new KmsEncryptionParameters { KmsKeyId = "alias/a", Challenge = "Y2hhbGxlbmdl" },
            },
            timeProvider);
        long toClient = 0;
        long toAgent = 0;
        while (!client.IsOpen || !agent.IsOpen)
        {
            long before = toClient + toAgent;
            toClient += Move(agent, client);
            toAgent += Move(client, agent);
            if (before == toClient + toAgent)
            {
                throw new InvalidOperationException("The handshake went nowhere.");
            }
        }

        _ = Move(agent, client);
        _ = Move(client, agent);
        return role == ChannelRole.Client
            ? new EncryptedEnd(ChannelRole.Agent, client, toClient)
            : new EncryptedEnd(ChannelRole.Client, agent, toAgent);
    }

    /// <summary>
    /// Encrypts a frame's payload where the peer would have, mostly: sometimes it stays plain, or the ciphertext is damaged.
    /// </summary>
    public byte[] Seal(byte[] frame, Random random)
    {
        if (AgentMessageCodec.Decode(frame, out AgentMessage message) != FrameError.None ||
            !SessionKeys.Cover(_peer, message.PayloadType) || random.Next(100) == 0)
        {
            return frame;
        }

        byte[] nonce = new byte[12];
        random.NextBytes(nonce);
        byte[] covered = _keys.Encrypt(message.Payload.Span, nonce);
        if (random.Next(100) == 0)
        {
            covered = FrameMutator.Mutate(covered, random);
        }

        return AgentMessageCodec.Encode(message with { Payload = covered });
    }

    /// <summary>Carries what one end has to say to the other, which gets the key when it asks for it.</summary>
    /// <returns>How many of the messages were stream data.</returns>
    private static long Move(DataChannel from, DataChannel to)
    {
        long count = 0;
        while (from.TryDequeueFrame(out ReadOnlyMemory<byte> frame))
        {
            count += AgentMessageCodec.PeekMessageType(frame.Span) is MessageType.InputStreamData or MessageType.OutputStreamData ? 1 : 0;
            to.Receive(frame);
            while (to.TryReadEvent(out ChannelEvent channelEvent))
            {
                if (channelEvent.KeyNeed is not null)
                {
                    to.ProvideKey(s_dataKey, [1]);
                }
            }
        }

        return count;
    }
}
