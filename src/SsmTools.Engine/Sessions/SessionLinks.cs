using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// The links of a session, one after the other: opens the first with the grant of StartSession and every further one
/// with that of ResumeSession, for as long as the session is to be sought.
/// </summary>
internal sealed class SessionLinks(
    ISessionApi api,
    ITransportConnector connector,
    SessionGrant grant,
    string clientVersion,
    SessionChannelOptions options,
    TimeProvider timeProvider)
{
    private readonly string _clientId = Guid.NewGuid().ToString();

    private SessionGrant _grant = grant;
    private TimeSpan _delay = options.FirstDelay;
    private long? _lostAt;
    private bool _isSilent;

    /// <summary>How often a link was lost and the session resumed on another.</summary>
    public int Reconnects { get; private set; }

    /// <summary>The link carries: the next loss begins anew.</summary>
    public void OnCarried()
    {
        _delay = options.FirstDelay;
        _lostAt = null;
    }

    /// <summary>A link is lost.</summary>
    /// <param name="openFor">For how long it was open.</param>
    /// <param name="isSilent">Whether it was given up because the node answered nothing on it.</param>
    public void OnLost(TimeSpan openFor, bool isSilent)
    {
        // A gateway that takes every link and drops it without a good word would else be called for ever.
        if (openFor >= options.MaxDelay && !isSilent)
        {
            _lostAt = null;
        }

        _lostAt ??= timeProvider.GetTimestamp();
        _isSilent = isSilent;
    }

    /// <summary>Opens a link with the grant that there is.</summary>
    /// <exception cref="EngineException">SessionConnectionFailed and others of the connector.</exception>
    public async Task<IMessageTransport> OpenAsync(CancellationToken cancellationToken)
    {
        IMessageTransport transport = await connector.ConnectAsync(_grant.StreamUrl, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            OpenDataChannelInput first = new()
            {
                RequestId = Guid.NewGuid().ToString(),
                TokenValue = _grant.Token,
                ClientId = _clientId,
                ClientVersion = clientVersion,
            };
            await transport.SendTextAsync(
                ProtocolJson.Write(first, ProtocolJson.Wire.OpenDataChannelInput), cancellationToken).ConfigureAwait(false);
            return transport;
        }
        catch (IOException e)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw new EngineException(
                "SessionConnectionFailed",
                ErrorKind.ConnectionError,
                $"The message gateway closed the stream of session {_grant.SessionId} at once.",
                "Try again.",
                _grant.SessionId,
                e);
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks for a new link until there is one; null when the session has ended.</summary>
    /// <exception cref="EngineException">SessionConnectionLost: there was none in time. Or what cannot pass by waiting.</exception>
    public async Task<IMessageTransport?> ReopenAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        while (true)
        {
            if (timeProvider.GetElapsedTime(_lostAt ??= timeProvider.GetTimestamp()) >= options.ReconnectTimeout)
            {
                await GiveUpAsync(failure, cancellationToken).ConfigureAwait(false);
            }

            await WaitAsync(cancellationToken).ConfigureAwait(false);
            using CancellationTokenSource timeout = new(options.AttemptTimeout, timeProvider);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
                timeout.Token, cancellationToken);
            try
            {
                SessionGrant? grant = await api.ResumeAsync(_grant.SessionId, either.Token).ConfigureAwait(false);
                if (grant is null)
                {
                    return null;
                }

                _grant = grant with { StreamUrl = grant.StreamUrl.Length == 0 ? _grant.StreamUrl : grant.StreamUrl };
                IMessageTransport transport = await OpenAsync(either.Token).ConfigureAwait(false);
                Reconnects++;
                return transport;
            }
            catch (EngineException e) when (MayPass(e.Kind))
            {
                failure = e;
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                failure = e;
            }
        }
    }

    /// <summary>Waits before the next attempt, longer every time, but not beyond a change of the network.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task change = options.NetworkChanged(over.Token);
        Task delay = Task.Delay(_delay, timeProvider, over.Token);
        Task first = await Task.WhenAny(delay, change).ConfigureAwait(false);
        over.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
        _delay = first == change ? options.FirstDelay : _delay * 2;
        _delay = _delay < options.MaxDelay ? _delay : options.MaxDelay;
    }

    /// <summary>Throws, unless the node is merely too busy to answer.</summary>
    private async Task GiveUpAsync(Exception? failure, CancellationToken cancellationToken)
    {
        if (!_isSilent)
        {
            throw new EngineException(
                "SessionConnectionLost",
                ErrorKind.ConnectionError,
                $"The connection of session {_grant.SessionId} was lost and could not be resumed within {options.ReconnectTimeout:c}.",
                "Check the network, and start a new session.",
                _grant.SessionId,
                failure);
        }

        if (await api.IsNodeConnectedAsync(cancellationToken).ConfigureAwait(false) == false)
        {
            throw new EngineException(
                "NodeGone",
                ErrorKind.ConnectionError,
                $"The node of session {_grant.SessionId} has not answered for {options.ReconnectTimeout:c}, and its agent is not connected to Systems Manager.",
                "Look at the node with Test-SsmRegistration.",
                _grant.SessionId,
                failure);
        }

        _lostAt = timeProvider.GetTimestamp();
    }

    /// <summary>Whether a failure of this kind may be gone at the next attempt.</summary>
    internal static bool MayPass(ErrorKind kind) => kind
        is ErrorKind.ConnectionError
        or ErrorKind.OperationTimeout
        or ErrorKind.LimitsExceeded
        or ErrorKind.ResourceUnavailable;
}
