using System.Threading.Channels;
using SsmTools.Engine.Sessions;

namespace SsmTools.Engine.Tunnels;

/// <summary>The one connection of a session in basic mode: its bytes are the payloads.</summary>
/// <param name="send">Sends a payload.</param>
/// <param name="close">Ends the session behind what was sent.</param>
internal sealed class BasicStream(
    Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, Func<ValueTask> close) : IPortStream
{
    /// <summary>The most that is sent in one message; larger than the references' kilobyte, which costs them their speed.</summary>
    private const int MaxPayload = 32 * 1024;

    /// <summary>Payloads that may wait here for a reader; beyond them nothing more is received.</summary>
    private const int MaxWaiting = 64;

    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();
    private readonly AsyncSignal _room = new();
    private ReadOnlyMemory<byte> _rest;

    /// <summary>In basic mode the session ends with the agent's words where the node cannot connect.</summary>
    public bool WasRefused => false;

    /// <summary>Never: it has the session for itself.</summary>
    public Task<string> GivenUp { get; } = new TaskCompletionSource<string>().Task;

    /// <inheritdoc/>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) =>
        _rest.IsEmpty ? _received.Reader.WaitToReadAsync(cancellationToken) : ValueTask.FromResult(true);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_rest.IsEmpty)
        {
            if (!await _received.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            _rest = _received.Reader.TryRead(out byte[]? piece) ? piece : default;
            _room.Set();
        }

        int count = Math.Min(_rest.Length, buffer.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        for (int start = 0; start < data.Length; start += MaxPayload)
        {
            await send(data.Slice(start, Math.Min(MaxPayload, data.Length - start)), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => close();

    /// <summary>Takes what the node sent.</summary>
    internal void Receive(ReadOnlyMemory<byte> data) => _received.Writer.TryWrite(data.ToArray());

    /// <summary>Waits while the reader has much before him.</summary>
    internal async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (_received.Reader.Count >= MaxWaiting)
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing more comes.</summary>
    /// <param name="failure">Why, where it is not the destination's own end.</param>
    internal void Complete(IOException? failure) => _received.Writer.TryComplete(failure);
}
