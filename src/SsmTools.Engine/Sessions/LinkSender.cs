namespace SsmTools.Engine.Sessions;

/// <summary>
/// Writes to one link what there is to be sent. Whoever brings something writes it, and all else that waits, unless
/// another is writing already: no thread has to be woken for it.
/// </summary>
/// <param name="transport">The link.</param>
/// <param name="next">Gives the next message; null when there is none for now.</param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class LinkSender(
    IMessageTransport transport, Func<ReadOnlyMemory<byte>?> next, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private volatile bool _isStopping;

    /// <summary>Completes when nothing more can be sent: true when the link was given up, false when it is gone.</summary>
    public Task<bool> Ended => _ended.Task;

    /// <summary>There may be something to be sent.</summary>
    public void Kick()
    {
        if (Interlocked.Increment(ref _calls) == 1)
        {
            _ = RunAsync();
        }
    }

    /// <summary>The link is to be held for lost.</summary>
    public void GiveUp() => _ended.TrySetResult(true);

    /// <summary>Sends nothing more, and waits for what is being sent. The link's token is to be cancelled before.</summary>
    public async Task StopAsync()
    {
        _isStopping = true;
        if (Interlocked.Increment(ref _calls) > 1)
        {
            await _stopped.Task.ConfigureAwait(false);
        }

        _ended.TrySetResult(false);
    }

    private async Task RunAsync()
    {
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _calls);
                await DrainAsync().ConfigureAwait(false);
            }
            while (!_isStopping && Interlocked.CompareExchange(ref _calls, 0, seen) != seen);

            if (!_isStopping)
            {
                return;
            }
        }
        catch (IOException)
        {
            _ended.TrySetResult(false); // what was not acknowledged goes out on the next link
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Who cancelled stops it, too.
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
        }

        // Nobody takes a turn any more: the calls are not counted down.
        _stopped.TrySetResult();
    }

    private async ValueTask DrainAsync()
    {
        if (_isStopping || next() is not { } frame)
        {
            return;
        }

        transport.Hold();
        await transport.SendAsync(frame, cancellationToken).ConfigureAwait(false);
        while (!_isStopping && next() is { } another)
        {
            await transport.SendAsync(another, cancellationToken).ConfigureAwait(false);
        }

        await transport.ReleaseAsync(cancellationToken).ConfigureAwait(false);
    }
}
