using System.Net.WebSockets;
using System.Text;

namespace SsmTools.Sandbox.Http;

/// <summary>What a handler answers: a status with a body, or the wish to go on as a WebSocket.</summary>
internal sealed class HttpResponse
{
    /// <summary>Creates an answer.</summary>
    public HttpResponse(int status, byte[]? body = null, string? contentType = null)
    {
        Status = status;
        Body = body ?? [];
        if (contentType is not null)
        {
            Headers.Add("Content-Type", contentType);
        }
    }

    /// <summary>The status, for example 200.</summary>
    public int Status { get; }

    /// <summary>Header fields; the server adds Content-Length, Connection and, where it is missing, Date.</summary>
    public HttpHeaders Headers { get; } = [];

    /// <summary>The body; empty where there is none.</summary>
    public byte[] Body { get; }

    /// <summary>What to do with the WebSocket that the connection becomes; null for a plain answer.</summary>
    public Func<WebSocket, CancellationToken, Task>? WebSocketHandler { get; private init; }

    /// <summary>Answers with text in UTF-8.</summary>
    public static HttpResponse Text(int status, string body, string contentType = "text/plain") =>
        new(status, Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>
    /// Goes on as a WebSocket. A request that is no proper WebSocket upgrade is refused by the server. The socket is
    /// closed hard when the handler returns.
    /// </summary>
    public static HttpResponse WebSocket(Func<WebSocket, CancellationToken, Task> handler) =>
        new(101) { WebSocketHandler = handler };
}
