using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.Security;

/// <summary>The text that a Signature Version 4 is made over, from the request as it came.</summary>
internal static class CanonicalRequest
{
    /// <summary>Builds it.</summary>
    /// <param name="request">What came.</param>
    /// <param name="signedHeaders">The fields that the signature covers, in order.</param>
    /// <param name="presigned">Whether the signature is in the query.</param>
    /// <param name="payload">What stands for the body where that is not its hash; S3 alone has such words.</param>
    /// <param name="isStorage">Whether it is S3, where the path is encoded once.</param>
    public static string Build(
        HttpRequest request, IReadOnlyList<string> signedHeaders, bool presigned, string? payload = null, bool isStorage = false)
    {
        StringBuilder text = new();
        text.Append(request.Method).Append('\n');
        text.Append(isStorage ? Once(request.RawPath) : Path(request.RawPath)).Append('\n');
        text.Append(Query(request.RawQuery, presigned)).Append('\n');
        foreach (string name in signedHeaders)
        {
            IEnumerable<string> values = request.Headers.GetValues(name).Select(Collapse);
            text.Append(name).Append(':').AppendJoin(',', values).Append('\n');
        }

        text.Append('\n').AppendJoin(';', signedHeaders).Append('\n');
        text.Append(payload ?? Convert.ToHexString(SHA256.HashData(request.Body)).ToLowerInvariant());
        return text.ToString();
    }

    /// <summary>The path is encoded once more than on the wire, segment by segment.</summary>
    private static string Path(string raw)
    {
        return raw.Length == 0 ? "/" : string.Join('/', raw.Split('/').Select(Uri.EscapeDataString));
    }

    private static string Once(string raw) =>
        string.Join('/', raw.Split('/').Select(segment => Uri.EscapeDataString(Uri.UnescapeDataString(segment))));

    private static string Query(string raw, bool presigned)
    {
        List<(string Name, string Value)> pairs = [];
        foreach (string part in raw.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('=', 2);
            string name = Encode(sides[0]);
            if (!(presigned && name == "X-Amz-Signature"))
            {
                pairs.Add((name, sides.Length == 2 ? Encode(sides[1]) : ""));
            }
        }

        pairs.Sort(static (a, b) =>
        {
            int byName = string.CompareOrdinal(a.Name, b.Name);
            return byName != 0 ? byName : string.CompareOrdinal(a.Value, b.Value);
        });
        return string.Join('&', pairs.Select(pair => $"{pair.Name}={pair.Value}"));
    }

    /// <summary>A plus sign is what the reader of queries takes it for, a space: what was signed is what is done.</summary>
    private static string Encode(string raw) => Uri.EscapeDataString(Uri.UnescapeDataString(raw.Replace('+', ' ')));

    private static string Collapse(string value)
    {
        return value.Contains("  ", StringComparison.Ordinal)
            ? string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : value.Trim();
    }
}
