using System.Security.Cryptography;
using System.Text;

namespace SsmTools.Sandbox.Http;

/// <summary>The server's half of the opening handshake (RFC 6455, 4.2).</summary>
internal static class WebSocketHandshake
{
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>What Sec-WebSocket-Accept must be for a request.</summary>
    /// <exception cref="HttpProtocolException">The request is no WebSocket upgrade.</exception>
    public static string Accept(HttpRequest request)
    {
        if (request.Method != "GET" || !request.IsHttp11 || !request.IsUpgrade ||
            !request.Headers.HasToken("Upgrade", "websocket"))
        {
            throw new HttpProtocolException(426, "This address is for WebSockets only.");
        }

        if (request.Headers["Sec-WebSocket-Version"] != "13")
        {
            throw new HttpProtocolException(426, "Only version 13 of the WebSocket protocol is spoken here.");
        }

        string key = request.Headers["Sec-WebSocket-Key"] ?? string.Empty;
        Span<byte> nonce = stackalloc byte[18];
        if (key.Length != 24 || !Convert.TryFromBase64String(key, nonce, out int written) || written != 16)
        {
            throw new HttpProtocolException(400, "Malformed request: Sec-WebSocket-Key.");
        }

        return ComputeAccept(key);
    }

    /// <summary>The digest that proves the key was read.</summary>
    public static string ComputeAccept(string key)
    {
#pragma warning disable CA5350 // SHA-1 is what the protocol prescribes; nothing is protected by it.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
#pragma warning restore CA5350
    }
}
