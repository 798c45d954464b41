using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Sessions;

/// <summary>What is the same at the end of every kind of session.</summary>
internal sealed class SessionAftermath(ISessionApi api, string sessionId, string target, TimeProvider timeProvider)
{
    /// <summary>How long the end of a session is held up by telling the service of it.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(100);

    /// <summary>How long telling the service may go on behind the caller's back.</summary>
    private static readonly TimeSpan s_terminateTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether the service has nothing to be told any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>Throws where the channel did not come to a proper end.</summary>
    /// <exception cref="EngineException">SessionHandshakeFailed, SessionProtocolError.</exception>
    public void Check(ChannelEvent? last)
    {
        if (last is { Kind: ChannelEventKind.Failed, Text: string failure })
        {
            throw new EngineException(
                "SessionHandshakeFailed",
                ErrorKind.ProtocolError,
                $"Client and agent could not agree on session {sessionId} on {target}: {failure}",
                "Check the agent's version on the node.",
                target);
        }

        if (last is { Kind: ChannelEventKind.Broken, Text: string rule })
        {
            throw new EngineException(
                "SessionProtocolError",
                ErrorKind.ProtocolError,
                $"Session {sessionId} on {target} was ended, for {rule}.",
                "Start a new session; if it happens again, something between here and the node changes the data.",
                target);
        }
    }

    /// <summary>The service tells no more than that the session is over; whether the node still is there can be asked.</summary>
    public async Task<string> ExplainExpiryAsync(CancellationToken cancellationToken)
    {
        string because = await api.IsNodeConnectedAsync(cancellationToken).ConfigureAwait(false) switch
        {
            false => $"{target} is not connected to Systems Manager any more",
            _ => "it was idle or open for too long, or somebody terminated it",
        };
        return $"The connection was lost, and the session had ended before it could be resumed: {because}.";
    }

    /// <summary>
    /// Waits for what carries the session; on cancellation only for a moment, as something that is stuck may hold it.
    /// </summary>
    public async Task<ChannelEvent?> WaitAsync(Task<ChannelEvent?> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(run, Task.Delay(Farewell / 2, timeProvider, CancellationToken.None)).ConfigureAwait(false);
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>
    /// Ends the session at the service unless it has ended. Waits no longer than the patience for it, so that Ctrl-C
    /// stays prompt; the call goes on a little longer by itself.
    /// </summary>
    public async ValueTask TerminateAsync(TimeSpan patience)
    {
        if (!IsOver)
        {
            IsOver = true;
            Task terminate = TerminateAsync();
            await Task.WhenAny(terminate, Task.Delay(patience, timeProvider)).ConfigureAwait(false);
        }
    }

    private async Task TerminateAsync()
    {
        using CancellationTokenSource timeout = new(s_terminateTimeout, timeProvider);
        try
        {
            await api.TerminateAsync(sessionId, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException or ObjectDisposedException)
        {
            // Best effort: the service ends an abandoned session by its idle time-out.
        }
    }
}
