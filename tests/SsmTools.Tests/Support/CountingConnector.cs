using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;

namespace SsmTools.Tests.Support;

/// <summary>Opens links as another does, and counts the stream data on them, and how much of it was there before.</summary>
internal sealed class CountingConnector(ITransportConnector inner) : ITransportConnector
{
    private const int NumberOffset = 48;

    private readonly Direction _sent = new();
    private readonly Direction _received = new();

    /// <summary>Messages sent with a number that had been sent before.</summary>
    public long SentAgain => _sent.Again;

    /// <summary>Messages that came with a number that had come before: sent again, duplicated, or late.</summary>
    public long ReceivedAgain => _received.Again;

    public async Task<IMessageTransport> ConnectAsync(string streamUrl, CancellationToken cancellationToken) =>
        new Transport(await inner.ConnectAsync(streamUrl, cancellationToken), this);

    /// <summary>One way of the stream: loops take turns on it, so no lock is needed.</summary>
    private sealed class Direction
    {
        private readonly HashSet<long> _ahead = [];
        private long _next;

        public long Again { get; private set; }

        public void Count(ReadOnlySpan<byte> frame, string type)
        {
            if (AgentMessageCodec.PeekMessageType(frame) != type || frame.Length < NumberOffset + sizeof(long))
            {
                return;
            }

            long number = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(frame[NumberOffset..]);
            if (number < _next || !_ahead.Add(number))
            {
                Again++;
                return;
            }

            while (_ahead.Remove(_next))
            {
                _next++;
            }
        }
    }

    private sealed class Transport(IMessageTransport link, CountingConnector owner) : IMessageTransport
    {
        public ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken) =>
            link.SendTextAsync(utf8, cancellationToken);

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
        {
            owner._sent.Count(frame.Span, MessageType.InputStreamData);
            return link.SendAsync(frame, cancellationToken);
        }

        public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
        {
            ReadOnlyMemory<byte>? frame = await link.ReceiveAsync(cancellationToken);
            if (frame is { } received)
            {
                owner._received.Count(received.Span, MessageType.OutputStreamData);
            }

            return frame;
        }

        public void Hold() => link.Hold();

        public ValueTask ReleaseAsync(CancellationToken cancellationToken) => link.ReleaseAsync(cancellationToken);

        public ValueTask DisposeAsync() => link.DisposeAsync();
    }
}
