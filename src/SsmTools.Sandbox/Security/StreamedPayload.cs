using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Security;

/// <summary>
/// What S3 lets clients say of a body instead of its hash: that it is not signed, or that it comes in chunks, each with a
/// signature of its own that is chained to the one before.
/// </summary>
internal static class StreamedPayload
{
    private const string Unsigned = "UNSIGNED-PAYLOAD";
    private const string UnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private const string Signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private const string SignedTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

    private static readonly string s_nothing = Hash([]);

    /// <summary>What the signature is made over in place of the body's hash.</summary>
    public static string Stated(HttpRequest request, RequestSignature signature) =>
        request.Headers["X-Amz-Content-Sha256"] ?? (signature.ExpiresIn is null ? Hash(request.Body) : Unsigned);

    /// <summary>Throws where a body is not what its request says of it.</summary>
    public static void Check(HttpRequest request, RequestSignature signature)
    {
        string? stated = request.Headers["X-Amz-Content-Sha256"];
        if (stated is null && signature.ExpiresIn is null)
        {
            throw new ServiceError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
        }

        bool isHash = stated is not (null or Unsigned or UnsignedTrailer or Signed or SignedTrailer);
        if (isHash && !stated!.Equals(Hash(request.Body), StringComparison.OrdinalIgnoreCase))
        {
            throw new ServiceError(
                "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        }
    }

    /// <summary>Takes the bytes out of the chunks, where there are any; from here on the body is what was meant.</summary>
    /// <param name="request">The request; its own signature was found right.</param>
    /// <param name="signature">That signature.</param>
    /// <param name="sign">Signs a text with the key of the request.</param>
    public static void Open(HttpRequest request, RequestSignature signature, Func<string, string> sign)
    {
        string? stated = request.Headers["X-Amz-Content-Sha256"];
        if (stated is not (UnsignedTrailer or Signed or SignedTrailer))
        {
            return;
        }

        bool isSigned = stated != UnsignedTrailer;
        string previous = signature.Signature;
        using MemoryStream content = new();
        ReadOnlySpan<byte> rest = request.Body;
        while (true)
        {
            (int length, string? mark) = Head(Line(ref rest));
            if (length > rest.Length)
            {
                throw Malformed();
            }

            byte[] chunk = rest[..length].ToArray();
            rest = rest[length..];
            if (isSigned)
            {
                previous = CheckMark(
                    mark,
                    sign($"AWS4-HMAC-SHA256-PAYLOAD\n{signature.Time}\n{signature.Scope}\n{previous}\n{s_nothing}\n{Hash(chunk)}"));
            }

            if (length == 0)
            {
                break;
            }

            content.Write(chunk);
            if (Line(ref rest).Length != 0)
            {
                throw Malformed();
            }
        }

        if (stated == SignedTrailer)
        {
            CheckTrailer(rest, text => sign($"AWS4-HMAC-SHA256-TRAILER\n{signature.Time}\n{signature.Scope}\n{previous}\n{text}"));
        }

        CheckLength(request, content.Length);
        request.Body = content.ToArray();
    }

    private static void CheckTrailer(ReadOnlySpan<byte> rest, Func<string, string> sign)
    {
        StringBuilder fields = new();
        string? mark = null;
        while (Line(ref rest) is { Length: > 0 } line)
        {
            if (line.StartsWith("x-amz-trailer-signature:", StringComparison.OrdinalIgnoreCase))
            {
                mark = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }
            else
            {
                fields.Append(line.Trim()).Append('\n');
            }
        }

        CheckMark(mark, sign(Hash(Encoding.UTF8.GetBytes(fields.ToString()))));
    }

    private static void CheckLength(HttpRequest request, long length)
    {
        if (request.Headers["X-Amz-Decoded-Content-Length"] is not string stated
            || !long.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out long expected))
        {
            throw new ServiceError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411);
        }

        if (expected != length)
        {
            throw new ServiceError("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }
    }

    private static (int Length, string? Mark) Head(string line)
    {
        string[] parts = line.Split(';', 2);
        if (!int.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int length) || length < 0)
        {
            throw Malformed();
        }

        return (length, parts is [_, string mark] && mark.StartsWith("chunk-signature=", StringComparison.Ordinal)
            ? mark["chunk-signature=".Length..]
            : null);
    }

    private static string CheckMark(string? given, string right) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(right))
            ? right
            : throw SignatureErrors.Create(SignatureFault.WrongSignature, WireProtocol.RestXml);

    private static string Line(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf("\r\n"u8);
        if (end < 0)
        {
            throw Malformed();
        }

        string line = Encoding.UTF8.GetString(rest[..end]);
        rest = rest[(end + 2)..];
        return line;
    }

    private static ServiceError Malformed() => new("IncompleteBody", "The request body terminated unexpectedly");

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
}
