using SsmTools.Engine.Sessions;

namespace SsmTools.Engine.Smux;

/// <summary>
/// One stream of a <see cref="SmuxMultiplexer"/>. One may read and one may write at a time. Every stream is to be closed,
/// whatever happened to it.
/// </summary>
internal sealed class SmuxStream : IAsyncDisposable
{
    private readonly SmuxMultiplexer _owner;
    private readonly TaskCompletionSource<string> _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Made by the multiplexer only.</summary>
    internal SmuxStream(SmuxMultiplexer owner, uint id)
    {
        _owner = owner;
        Id = id;
    }

    /// <summary>The stream's number.</summary>
    public uint Id { get; }

    /// <summary>Completes with the reason when it is given up because nobody reads it: who should may be stuck elsewhere.</summary>
    public Task<string> GivenUp => _givenUp.Task;

    /// <summary>Bytes that were read from it.</summary>
    public long BytesRead { get; internal set; }

    /// <summary>Bytes that were written to it.</summary>
    public long BytesWritten { get; internal set; }

    /// <summary>What came. Only under the multiplexer's lock, as everything below.</summary>
    internal SmuxReceiveBuffer Received { get; } = new();

    /// <summary>Set when there is something to read, or never will be.</summary>
    internal AsyncSignal Readable { get; } = new(runsInline: true);

    /// <summary>Set when there is room to write, or writing makes no sense any more.</summary>
    internal AsyncSignal Writable { get; } = new();

    /// <summary>Whether it came into something that its reader was not told of.</summary>
    internal bool IsTouched { get; set; }

    /// <summary>Whether nothing more will come.</summary>
    internal bool IsFinished { get; set; }

    /// <summary>Whether the owner has closed it.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>Why it broke; null while it is whole.</summary>
    internal string? Failure { get; set; }

    /// <summary><see cref="BytesRead"/> when somebody began to watch whether it is stuck.</summary>
    internal long WatchedFrom { get; set; } = long.MinValue / 2;

    /// <summary>
    /// Waits until there is something to read: a buffer need not be held for that.
    /// </summary>
    /// <returns>False at the stream's end.</returns>
    /// <exception cref="IOException">The session has ended, or the stream was given up.</exception>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        bool hasData;
        while (!_owner.TryPeek(this, out hasData))
        {
            await Readable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return hasData;
    }

    /// <summary>Reads what is there, or waits for it.</summary>
    /// <returns>Bytes read; 0 at the stream's end.</returns>
    /// <exception cref="IOException">The session has ended, or the stream was given up.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count;
        while (!_owner.TryRead(this, buffer.Span, out count))
        {
            await Readable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <summary>Writes; waits while too much has been written that is not sent yet.</summary>
    /// <exception cref="IOException">The session has ended, or the stream was closed or given up.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (true)
        {
            data = data[_owner.Write(this, data.Span)..];
            if (data.IsEmpty)
            {
                return;
            }

            await Writable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Sends the end behind what was written, and goes on reading. Most peers close the whole stream when they get it;
    /// what they had sent before still arrives.
    /// </summary>
    public void FinishWriting() => _owner.FinishWriting(this);

    /// <summary>Closes it: what was written is still sent, what comes is thrown away. Closing again does nothing.</summary>
    public ValueTask CloseAsync()
    {
        _owner.Close(this);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    /// <summary>Completes <see cref="GivenUp"/>.</summary>
    internal void GiveUp(string reason) => _givenUp.TrySetResult(reason);
}
