using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using SsmTools.Engine.Sessions;

namespace SsmTools.Sandbox.Http;

/// <summary>One connection: request after request, until somebody hangs up or it becomes a WebSocket.</summary>
internal sealed class HttpConnection
{
    private static readonly TimeSpan s_webSocketKeepAlive = TimeSpan.FromSeconds(30);
    private static readonly byte[] s_continue = Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n");

    private readonly Stream _stream;
    private readonly Socket _socket;
    private readonly bool _isSecure;
    private readonly ReadBuffer _buffer;
    private readonly HttpHandler _handler;
    private readonly HttpLimits _limits;
    private readonly TimeProvider _timeProvider;

    /// <summary>Takes a connection.</summary>
    /// <param name="stream">What is read and written: the socket's stream, or TLS above it.</param>
    /// <param name="socket">The socket below.</param>
    /// <param name="isSecure">Whether it is TLS.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="limits">How much and how long.</param>
    /// <param name="timeProvider">For time limits and the Date field.</param>
    public HttpConnection(
        Stream stream, Socket socket, bool isSecure, HttpHandler handler, HttpLimits limits, TimeProvider timeProvider)
    {
        _stream = stream;
        _socket = socket;
        _isSecure = isSecure;
        _buffer = new ReadBuffer(_stream);
        _handler = handler;
        _limits = limits;
        _timeProvider = timeProvider;
    }

    /// <summary>Serves the connection. Whatever the client does, this ends without an exception.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await ServeNextAsync(cancellationToken).ConfigureAwait(false))
            {
            }
        }
        catch (HttpProtocolException e)
        {
            await RefuseAsync(e, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The client is gone or too slow, the server stops, or a WebSocket handler has a defect: in every case
            // nobody is left to answer to, and what goes wrong on one connection stays there.
        }
    }

    private async Task<bool> ServeNextAsync(CancellationToken cancellationToken)
    {
        HttpRequest? request = await ReadHeadAsync(cancellationToken).ConfigureAwait(false);
        if (request is null)
        {
            return false;
        }

        request.IsSecure = _isSecure;
        HttpGuard.Check(request);
        HttpBodyReader body = new(_buffer, _limits);
        int? length = body.MeasureBody(request);
        using (CancellationTokenSource deadline = Deadline(_limits.Read, cancellationToken))
        {
            if (length != 0 && request.IsHttp11 && request.Headers.Contains("Expect"))
            {
                await _stream.WriteAsync(s_continue, deadline.Token).ConfigureAwait(false);
            }

            request.Body = await body.ReadAsync(length, deadline.Token).ConfigureAwait(false);
        }

        HttpResponse response = await AnswerAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.WebSocketHandler is not null)
        {
            await RunWebSocketAsync(request, response, cancellationToken).ConfigureAwait(false);
            return false;
        }

        bool keepAlive = request.IsHttp11 && !request.Headers.HasToken("Connection", "close");
        await WriteAsync(response, keepAlive, request.Method == "HEAD", cancellationToken).ConfigureAwait(false);
        return keepAlive;
    }

    private async Task<HttpRequest?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        using LinkedDeadline deadline = Deadline(_limits.Idle, cancellationToken);
        bool started = false;
        int end;
        while ((end = _buffer.Bytes.Span.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (_buffer.Bytes.Length > _limits.HeadBytes)
            {
                throw HeadTooLong();
            }

            if (!started && !_buffer.Bytes.IsEmpty)
            {
                started = true;
                deadline.CancelAfter(_limits.Read);
            }

            if (!await _buffer.FillAsync(deadline.Token).ConfigureAwait(false))
            {
                return null;
            }
        }

        if (end > _limits.HeadBytes)
        {
            throw HeadTooLong();
        }

        HttpRequest request = HttpRequestParser.Parse(_buffer.Bytes.Span[..(end + 4)], _limits);
        _buffer.Advance(end + 4);
        return request;
    }

    private HttpProtocolException HeadTooLong() =>
        new(431, $"The head of the request is longer than {_limits.HeadBytes} bytes.");

    private async Task<HttpResponse> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _handler(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or HttpProtocolException))
        {
            // A defect of the handler must not take the sandbox down; its text may hold what no client should see.
            return HttpResponse.Text(500, $"{e.GetType().Name} in the sandbox.");
        }
    }

    private async Task RunWebSocketAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        string accept = WebSocketHandshake.Accept(request);
        string head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            $"Sec-WebSocket-Accept: {accept}\r\n\r\n";
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken).ConfigureAwait(false);

        WebSocketCreationOptions options = new() { IsServer = true, KeepAliveInterval = s_webSocketKeepAlive };
        CoalescingStream connection = new(_stream);
        FreezableStream stream = new(new UpgradedStream(connection, _buffer.Bytes));
        using FreezableSocket webSocket = new(WebSocket.CreateFromStream(stream, options), stream, connection);
        await response.WebSocketHandler!(webSocket, cancellationToken).ConfigureAwait(false);
    }

    private async Task RefuseAsync(HttpProtocolException refusal, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponse response = HttpResponse.Text(refusal.Status, refusal.Message);
            if (refusal.Status == 426)
            {
                response.Headers["Upgrade"] = "websocket";
                response.Headers["Sec-WebSocket-Version"] = "13";
            }

            await WriteAsync(response, keepAlive: false, isHead: false, cancellationToken).ConfigureAwait(false);

            // Closing with bytes unread resets the connection, and the client may never see why.
            _socket.Shutdown(SocketShutdown.Send);
            using LinkedDeadline deadline = Deadline(TimeSpan.FromSeconds(1), cancellationToken);
            byte[] scrap = new byte[8192];
            for (int i = 0; i < 64 && await _stream.ReadAsync(scrap, deadline.Token).ConfigureAwait(false) > 0; i++)
            {
            }
        }
        catch (Exception e) when (
            e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client did not wait for it.
        }
    }

    private async Task WriteAsync(HttpResponse response, bool keepAlive, bool isHead, CancellationToken cancellationToken)
    {
        byte[] head = HttpResponseHead.Format(response, keepAlive, _timeProvider.GetUtcNow());
        byte[] body = isHead || response.Status is 204 or 304 ? [] : response.Body;
        byte[] message = new byte[head.Length + body.Length];
        head.CopyTo(message, 0);
        body.CopyTo(message, head.Length);
        using LinkedDeadline deadline = Deadline(_limits.Write, cancellationToken);
        await _stream.WriteAsync(message, deadline.Token).ConfigureAwait(false);
    }

    private LinkedDeadline Deadline(TimeSpan limit, CancellationToken cancellationToken) =>
        new(limit, _timeProvider, cancellationToken);
}
