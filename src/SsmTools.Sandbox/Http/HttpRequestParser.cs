using System.Buffers;
using System.Text;

namespace SsmTools.Sandbox.Http;

/// <summary>
/// Reads the head of a request (RFC 9112). Strict where leniency lets two readers of one stream disagree: no folded
/// lines, no space before a colon, no bare line feeds.
/// </summary>
internal static class HttpRequestParser
{
    private static readonly SearchValues<byte> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>Reads request line and fields.</summary>
    /// <param name="head">The bytes up to and with the empty line.</param>
    /// <param name="limits">How many fields are taken.</param>
    /// <exception cref="HttpProtocolException">It is not a request.</exception>
    public static HttpRequest Parse(ReadOnlySpan<byte> head, HttpLimits limits)
    {
        ReadOnlySpan<byte> rest = head;
        (string method, string target, bool isHttp11) = ParseRequestLine(NextLine(ref rest));
        HttpHeaders headers = [];
        while (NextLine(ref rest) is { Length: > 0 } line)
        {
            if (headers.Count == limits.HeaderCount)
            {
                throw new HttpProtocolException(431, "Too many header fields.");
            }

            (string name, string value) = ParseField(line);
            headers.Add(name, value);
        }

        return new HttpRequest { Method = method, RawTarget = target, IsHttp11 = isHttp11, Headers = headers };
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf(LineEnd);
        if (end < 0)
        {
            throw Malformed("a line without an end");
        }

        ReadOnlySpan<byte> line = rest[..end];
        rest = rest[(end + 2)..];
        return line;
    }

    private static (string Method, string Target, bool IsHttp11) ParseRequestLine(ReadOnlySpan<byte> line)
    {
        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last == first)
        {
            throw Malformed("no request line");
        }

        ReadOnlySpan<byte> method = line[..first];
        ReadOnlySpan<byte> target = line[(first + 1)..last];
        ReadOnlySpan<byte> version = line[(last + 1)..];
        if (method.ContainsAnyExcept(s_token))
        {
            throw Malformed("the method");
        }

        // Origin form only: nobody talks through a proxy to a loopback address.
        if (target.IsEmpty || target[0] != '/' || target.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E) >= 0 ||
            target.Contains((byte)'#'))
        {
            throw Malformed("the request target");
        }

        bool isHttp11 = version.SequenceEqual("HTTP/1.1"u8);
        if (!isHttp11 && !version.SequenceEqual("HTTP/1.0"u8))
        {
            throw version.StartsWith("HTTP/"u8)
                ? new HttpProtocolException(505, "Only HTTP/1.1 is spoken here.")
                : Malformed("the protocol version");
        }

        return (Encoding.ASCII.GetString(method), Encoding.ASCII.GetString(target), isHttp11);
    }

    private static (string Name, string Value) ParseField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(s_token))
        {
            throw Malformed("a header field");
        }

        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        foreach (byte b in value)
        {
            if ((b < 0x20 && b != (byte)'\t') || b == 0x7F)
            {
                throw Malformed("a control character in a header field");
            }
        }

        return (Encoding.ASCII.GetString(line[..colon]), Encoding.Latin1.GetString(value));
    }

    private static HttpProtocolException Malformed(string what) => new(400, $"Malformed request: {what}.");
}
