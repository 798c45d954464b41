using System.Globalization;
using System.Net;
using System.Text;

namespace SsmTools.Sandbox.Http;

/// <summary>Writes status line and fields.</summary>
internal static class HttpResponseHead
{
    /// <summary>The bytes up to and with the empty line.</summary>
    /// <exception cref="InvalidOperationException">A field holds a line break.</exception>
    public static byte[] Format(HttpResponse response, bool keepAlive, DateTimeOffset now)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.Status} {(HttpStatusCode)response.Status}\r\n");
        foreach ((string name, string value) in response.Headers)
        {
            if (value.AsSpan().ContainsAny('\r', '\n'))
            {
                throw new InvalidOperationException($"The field {name} holds a line break.");
            }

            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (!response.Headers.Contains("Date"))
        {
            text.Append(CultureInfo.InvariantCulture, $"Date: {now.UtcDateTime:R}\r\n");
        }

        if (response.Status is not (204 or 304))
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {response.Body.Length}\r\n");
        }

        text.Append(keepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }
}
