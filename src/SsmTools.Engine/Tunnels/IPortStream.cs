namespace SsmTools.Engine.Tunnels;

/// <summary>
/// A connection that the node makes to the destination, as seen from here. One reader and one writer at a time; disposing
/// closes it behind what was written. There is no half-close: the agents' protocol has none.
/// </summary>
internal interface IPortStream : IAsyncDisposable
{
    /// <summary>Once the destination's side has ended: whether that is because the node could not connect to it.</summary>
    bool WasRefused { get; }

    /// <summary>
    /// Completes with the reason when the connection is given up because nobody reads it, so that who is stuck with an
    /// earlier piece hears of it.
    /// </summary>
    Task<string> GivenUp { get; }

    /// <summary>Waits until there is something to read, so that no buffer need be held for that, where the stream can tell.</summary>
    /// <returns>False when the destination or the node has closed.</returns>
    /// <exception cref="IOException">The session has ended.</exception>
    ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <summary>Reads what comes from the destination.</summary>
    /// <returns>The number of bytes; 0 when the destination or the node has closed.</returns>
    /// <exception cref="IOException">The session has ended.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes to the destination; waits while too much is under way.</summary>
    /// <exception cref="IOException">The session has ended, or the destination has closed.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
