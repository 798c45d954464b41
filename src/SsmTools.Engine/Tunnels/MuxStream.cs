using SsmTools.Engine.Smux;

namespace SsmTools.Engine.Tunnels;

/// <summary>One of the connections of a multiplexed session.</summary>
/// <param name="stream">The multiplexer's stream.</param>
/// <param name="takeRefusal">Takes one of the node's messages that it could not connect; whose it is, they do not say.</param>
/// <param name="release">Called once when it is over.</param>
internal sealed class MuxStream(SmuxStream stream, Func<bool> takeRefusal, Action release) : IPortStream
{
    private int _isOver;

    /// <inheritdoc/>
    public bool WasRefused { get; private set; }

    /// <inheritdoc/>
    public Task<string> GivenUp => stream.GivenUp;

    /// <inheritdoc/>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        bool hasMore = await stream.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        Look(hasMore);
        return hasMore;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Look(count > 0);
        return count;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        stream.WriteAsync(data, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            await stream.CloseAsync().ConfigureAwait(false);
            release();
        }
    }

    /// <summary>The message comes before the end of the stream that it is about (amazon-ssm-agent, plugins/port/muxport.go).</summary>
    private void Look(bool hasMore)
    {
        if (!hasMore && stream.BytesRead == 0 && !WasRefused)
        {
            WasRefused = takeRefusal();
        }
    }
}
