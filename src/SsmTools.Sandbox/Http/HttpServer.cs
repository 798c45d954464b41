using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace SsmTools.Sandbox.Http;

/// <summary>Answers one request. May be called for many connections at once.</summary>
internal delegate Task<HttpResponse> HttpHandler(HttpRequest request, CancellationToken cancellationToken);

/// <summary>
/// A small HTTP/1.1 server on a loopback address, with WebSockets. It is there because no embeddable server is in reach
/// of a PowerShell module: HttpListener has its own ways on every platform, and ASP.NET Core is not loaded in pwsh.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly HttpHandler _handler;
    private readonly HttpLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<Socket, Task> _connections = [];
    private readonly Task _accepting;
    private int _disposed;

    /// <summary>Opens the port and starts to answer.</summary>
    /// <param name="endPoint">A loopback address; port 0 for any free one.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="limits">How much and how long; null for the usual.</param>
    /// <param name="timeProvider">For time limits and the Date field; null for real time.</param>
    /// <param name="tls">The certificate to speak TLS with; null for plain text.</param>
    /// <exception cref="ArgumentException">The address is not a loopback one.</exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public HttpServer(
        IPEndPoint endPoint,
        HttpHandler handler,
        HttpLimits? limits = null,
        TimeProvider? timeProvider = null,
        SslServerAuthenticationOptions? tls = null)
    {
        if (!IPAddress.IsLoopback(endPoint.Address))
        {
            throw new ArgumentException("The sandbox listens on loopback addresses only.", nameof(endPoint));
        }

        _handler = handler;
        _limits = limits ?? new HttpLimits();
        _timeProvider = timeProvider ?? TimeProvider.System;
        _tls = tls;
        _listener = new TcpListener(endPoint);
        _listener.Start(512);
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The address for clients, without a slash at the end: <c>http://127.0.0.1:4566</c>.</summary>
    public string BaseAddress => $"{(_tls is null ? "http" : "https")}://{EndPoint}";

    /// <summary>Closes the port and every connection, and waits until their handlers have returned.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        KeyValuePair<Socket, Task>[] open;
        lock (_connections)
        {
            open = [.. _connections];
        }

        foreach (KeyValuePair<Socket, Task> connection in open)
        {
            connection.Key.Dispose();
        }

        await Task.WhenAll(open.Select(connection => connection.Value)).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                Serve(socket);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // A client that hung up in the queue, or no descriptor left: go on with the next one, without spinning.
                await Task.Delay(TimeSpan.FromMilliseconds(10), _timeProvider, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Serve(Socket socket)
    {
        lock (_connections)
        {
            // Under the lock, so that the entry is there before the task can take it away again.
            _connections.Add(socket, Task.Run(() => ServeAsync(socket)));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            NetworkStream stream = new(socket, ownsSocket: true);
            await using (stream.ConfigureAwait(false))
            {
                await RunAsync(stream).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (
            e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            // The client was gone before the first byte, or what it sent was no handshake.
        }
        finally
        {
            socket.Dispose();
            lock (_connections)
            {
                _connections.Remove(socket);
            }
        }
    }

    private async Task RunAsync(NetworkStream stream)
    {
        if (_tls is null)
        {
            await new HttpConnection(stream, stream.Socket, isSecure: false, _handler, _limits, _timeProvider)
                .RunAsync(_stop.Token).ConfigureAwait(false);
            return;
        }

        SslStream secured = new(stream);
        await using (secured.ConfigureAwait(false))
        {
            using (LinkedDeadline deadline = new(_limits.Read, _timeProvider, _stop.Token))
            {
                await secured.AuthenticateAsServerAsync(_tls, deadline.Token).ConfigureAwait(false);
            }

            await new HttpConnection(secured, stream.Socket, isSecure: true, _handler, _limits, _timeProvider)
                .RunAsync(_stop.Token).ConfigureAwait(false);
        }
    }
}
