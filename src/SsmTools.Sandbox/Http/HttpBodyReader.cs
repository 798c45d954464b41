using System.Buffers;
using System.Globalization;
using System.Text;

namespace SsmTools.Sandbox.Http;

/// <summary>Reads bodies of a stated length and bodies in chunks.</summary>
internal sealed class HttpBodyReader
{
    private const int MaxChunkLine = 1024;
    private const int MaxTrailers = 20;

    private readonly ReadBuffer _buffer;
    private readonly int _limit;

    public HttpBodyReader(ReadBuffer buffer, HttpLimits limits)
    {
        _buffer = buffer;
        _limit = limits.BodyBytes;
    }

    /// <summary>How the body of a request is delimited.</summary>
    /// <returns>Its length; null for chunks; 0 where there is none.</returns>
    /// <exception cref="HttpProtocolException">The fields contradict each other, or it is too long.</exception>
    public int? MeasureBody(HttpRequest request)
    {
        bool hasLength = request.Headers.TryGetValue("Content-Length", out string? length);
        if (request.Headers.TryGetValue("Transfer-Encoding", out string? coding))
        {
            // Both at once is how requests are smuggled past one reader and into another.
            if (hasLength || !request.IsHttp11)
            {
                throw new HttpProtocolException(400, "Malformed request: two ways to tell the length of the body.");
            }

            return coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? null
                : throw new HttpProtocolException(501, "Only the transfer coding 'chunked' is understood.");
        }

        if (!hasLength)
        {
            return 0;
        }

        if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
        {
            throw new HttpProtocolException(400, "Malformed request: Content-Length.");
        }

        return bytes <= _limit ? (int)bytes : throw TooLarge();
    }

    /// <summary>Reads a body of that length, or in chunks where it is null.</summary>
    /// <exception cref="HttpProtocolException">The chunks are malformed or too long.</exception>
    /// <exception cref="EndOfStreamException">The client hung up on the way.</exception>
    public async ValueTask<byte[]> ReadAsync(int? length, CancellationToken cancellationToken) => length switch
    {
        null => await ReadChunksAsync(cancellationToken).ConfigureAwait(false),
        0 => [],
        int bytes => await _buffer.TakeAsync(bytes, cancellationToken).ConfigureAwait(false),
    };

    private async ValueTask<byte[]> ReadChunksAsync(CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> body = new();
        while (await ReadChunkSizeAsync(cancellationToken).ConfigureAwait(false) is int size and > 0)
        {
            if (size > _limit - body.WrittenCount)
            {
                throw TooLarge();
            }

            body.Write(await _buffer.TakeAsync(size, cancellationToken).ConfigureAwait(false));
            if (await _buffer.TakeAsync(2, cancellationToken).ConfigureAwait(false) is not [(byte)'\r', (byte)'\n'])
            {
                throw new HttpProtocolException(400, "Malformed request: the end of a chunk.");
            }
        }

        for (int trailers = 0; (await ReadLineAsync(cancellationToken).ConfigureAwait(false)).Length > 0; trailers++)
        {
            if (trailers == MaxTrailers)
            {
                throw new HttpProtocolException(431, "Too many trailer fields.");
            }
        }

        return body.WrittenSpan.ToArray();
    }

    private async ValueTask<int> ReadChunkSizeAsync(CancellationToken cancellationToken)
    {
        string line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        string size = line.Split(';', 2)[0].TrimEnd();

        // Seven digits stay below the sign bit, and far above any limit.
        return size.Length is > 0 and <= 7 &&
            int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int bytes)
                ? bytes
                : throw new HttpProtocolException(400, "Malformed request: the size of a chunk.");
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.Bytes.Span.IndexOf("\r\n"u8)) < 0)
        {
            if (_buffer.Bytes.Length > MaxChunkLine)
            {
                throw new HttpProtocolException(400, "Malformed request: a line in the body is too long.");
            }

            if (!await _buffer.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new EndOfStreamException();
            }
        }

        string line = Encoding.Latin1.GetString(_buffer.Bytes.Span[..end]);
        _buffer.Advance(end + 2);
        return line;
    }

    private HttpProtocolException TooLarge() => new(413, $"The body is longer than {_limit} bytes.");
}
