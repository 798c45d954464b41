using SsmTools.Engine.Tunnels;

namespace SsmTools.Engine.Socks;

/// <summary>Serves SOCKS 5 to one client: hears where it wants to be connected to, and connects it.</summary>
internal static class SocksServer
{
    /// <summary>How long a client may take to say what it wants.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Negotiates, connects and answers. The client's stream stays the caller's, to be closed in any case.</summary>
    /// <param name="client">The client's connection.</param>
    /// <param name="connector">Connects the far side.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The far side, to which whatever else the client sends is to go; null where the client has left.</returns>
    /// <exception cref="EngineException">
    /// SocksRequestRefused for a client that asks for what is not served, and what the connector threw; the client was
    /// told.
    /// </exception>
    public static async Task<IPortStream?> AcceptAsync(
        Stream client, IStreamConnector connector, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        SocksNegotiation negotiation = new();
        byte[] buffer = new byte[512];
        try
        {
            ReadOnlyMemory<byte>? ahead = await NegotiateAsync(client, negotiation, buffer, timeProvider, cancellationToken)
                .ConfigureAwait(false);
            return ahead is null
                ? null
                : await ConnectAsync(client, negotiation, connector, ahead.Value, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What the client sent ahead for the far side; null where it has left or keeps the server waiting.</summary>
    private static async Task<ReadOnlyMemory<byte>?> NegotiateAsync(
        Stream client,
        SocksNegotiation negotiation,
        byte[] buffer,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, patience.Token);
        while (true)
        {
            int read;
            try
            {
                read = await client.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            if (read == 0)
            {
                return null;
            }

            int taken = negotiation.Receive(buffer.AsSpan(0, read));
            await FlushAsync(client, negotiation, cancellationToken).ConfigureAwait(false);
            switch (negotiation.State)
            {
                case SocksState.Connecting:
                    return buffer.AsMemory(taken, read - taken);
                case SocksState.Refused or SocksState.Broken:
                    throw Refused(negotiation.State);
                default:
                    break;
            }
        }
    }

    private static async Task<IPortStream> ConnectAsync(
        Stream client,
        SocksNegotiation negotiation,
        IStreamConnector connector,
        ReadOnlyMemory<byte> ahead,
        CancellationToken cancellationToken)
    {
        IPortStream remote;
        try
        {
            remote = await connector.ConnectAsync(negotiation.Host!, negotiation.Port, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (EngineException e)
        {
            negotiation.Answer(ToReply(e));
            await TryFlushAsync(client, negotiation, cancellationToken).ConfigureAwait(false);
            throw;
        }

        try
        {
            negotiation.Answer(SocksReply.Succeeded);
            await FlushAsync(client, negotiation, cancellationToken).ConfigureAwait(false);
            if (!ahead.IsEmpty)
            {
                await remote.WriteAsync(ahead, cancellationToken).ConfigureAwait(false);
            }

            return remote;
        }
        catch
        {
            await remote.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SocksReply ToReply(EngineException e) => e.Kind switch
    {
        ErrorKind.PermissionDenied => SocksReply.NotAllowed,
        ErrorKind.ObjectNotFound => SocksReply.HostUnreachable,
        ErrorKind.ResourceUnavailable => SocksReply.ConnectionRefused,
        ErrorKind.ConnectionError => SocksReply.NetworkUnreachable,
        ErrorKind.OperationTimeout => SocksReply.TimeToLiveExpired,
        _ => SocksReply.GeneralFailure,
    };

    private static EngineException Refused(SocksState state) => new(
        "SocksRequestRefused",
        ErrorKind.ProtocolError,
        state == SocksState.Broken
            ? "A program connected to the tunnel's SOCKS port that does not speak SOCKS 5."
            : "A program asked the tunnel's SOCKS port for what it does not serve: authentication, BIND, UDP, or no such address.",
        "Have the program use SOCKS 5 without authentication, for TCP connections.");

    private static async Task FlushAsync(Stream client, SocksNegotiation negotiation, CancellationToken cancellationToken)
    {
        if (negotiation.TakeOutput() is { Length: > 0 } output)
        {
            await client.WriteAsync(output, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task TryFlushAsync(Stream client, SocksNegotiation negotiation, CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(client, negotiation, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has left; why there was no connection is told all the same.
        }
    }
}
