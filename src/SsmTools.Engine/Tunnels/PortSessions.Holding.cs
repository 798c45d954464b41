namespace SsmTools.Engine.Tunnels;

/// <summary>How long sessions are held: for ever, or until nothing has been connected for a while.</summary>
internal sealed partial class PortSessions
{
    /// <summary>Where sessions are to be held, what has ended is started anew without anybody's asking.</summary>
    private void Hold()
    {
        lock (_lock)
        {
            if (_options.KeepAlive && _mode == PortMode.Multiplexed && !_stop.IsCancellationRequested && _hold is not { IsCompleted: false })
            {
                _hold = HoldAsync();
            }
        }
    }

    private async Task HoldAsync()
    {
        TimeSpan delay = s_firstDelay;
        while (SessionIds.Count == 0)
        {
            await Task.Delay(delay, _timeProvider, _stop.Token).ConfigureAwait(false);
            delay = delay * 2 < _options.Patience ? delay * 2 : _options.Patience;
            try
            {
                await StartMissingAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (EngineException)
            {
                // Told already; it is tried again.
            }
        }
    }

    private void WatchIdle()
    {
        if (!_options.KeepAlive && !_stop.IsCancellationRequested)
        {
            TimeSpan idle = _mode == PortMode.Basic ? s_basicIdle : _options.IdleTimeout;
            _idle.Change(IsUnused ? idle : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task EndIdleAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await EndAllAsync(onlyUnused: true).ConfigureAwait(false);
            Changed?.Invoke();
        }
    }

    private async Task EndAllAsync(bool onlyUnused)
    {
        PortSession[] ending;
        lock (_lock)
        {
            if (onlyUnused && !IsUnused)
            {
                return;
            }

            ending = [.. _sessions];
            _sessions.Clear();
            _reconnects += ending.Sum(session => session.Reconnects);
        }

        await Task.WhenAll(ending.Select(session => session.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
