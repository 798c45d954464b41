using System.Threading.Channels;
using SsmTools.Engine.Sessions;

namespace SsmTools.Tests.Sessions;

/// <summary>One end of a link in memory. Breaking either end breaks both, as a lost connection does.</summary>
internal sealed class MemoryTransport : IMessageTransport
{
    private readonly Channel<byte[]> _incoming;
    private readonly Channel<byte[]> _outgoing;

    private MemoryTransport(Channel<byte[]> incoming, Channel<byte[]> outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    public static (MemoryTransport Near, MemoryTransport Far) CreatePair()
    {
        Channel<byte[]> up = Channel.CreateUnbounded<byte[]>();
        Channel<byte[]> down = Channel.CreateUnbounded<byte[]>();
        return (new MemoryTransport(down, up), new MemoryTransport(up, down));
    }

    public ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken) =>
        SendAsync(utf8, cancellationToken);

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        _outgoing.Writer.TryWrite(frame.ToArray())
            ? ValueTask.CompletedTask
            : ValueTask.FromException(new IOException("The link is gone."));

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _incoming.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public void Break()
    {
        _incoming.Writer.TryComplete();
        _outgoing.Writer.TryComplete();
        while (_incoming.Reader.TryRead(out _) || _outgoing.Reader.TryRead(out _))
        {
            // What was under way is lost.
        }
    }

    /// <summary>Ends the link for the other end, behind what was sent.</summary>
    public void Close() => _outgoing.Writer.TryComplete();

    public ValueTask DisposeAsync()
    {
        Break();
        return ValueTask.CompletedTask;
    }
}
