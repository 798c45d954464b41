using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;

namespace SsmTools.Tests.Sandbox;

/// <summary>Signature Version 4 once more, written from AWS's description and not from the verifier.</summary>
internal sealed class TinySigner(Credential credential, string region, TimeProvider clock)
{
    public string Host { get; init; } = "127.0.0.1:4566";

    /// <summary>Replaces the secret: somebody who only knows the key id.</summary>
    public string? Secret { get; init; }

    /// <summary>Replaces the token; empty sends none.</summary>
    public string? Token { get; init; }

    /// <summary>Signs with this key instead of a secret, as registered machines do.</summary>
    public RSA? MachineKey { get; init; }

    public TimeSpan Skew { get; init; }

    public string? Region { get; init; }

    private string? SentToken => Token is null ? credential.SessionToken : Token.Length == 0 ? null : Token;

    public HttpRequest Post(string service, string contentType, string body, params (string Name, string Value)[] headers)
    {
        return Sign("POST", "/", service, Encoding.UTF8.GetBytes(body), [("Content-Type", contentType), .. headers]);
    }

    public HttpRequest Sign(string method, string target, string service, byte[] body, params (string Name, string Value)[] headers)
    {
        DateTimeOffset now = clock.GetUtcNow() + Skew;
        string time = Time(now);
        List<(string Name, string Value)> all = [("Host", Host), ("X-Amz-Date", time), .. headers];
        if (SentToken is string token)
        {
            all.Add(("X-Amz-Security-Token", token));
        }

        string[] path = target.Split('?', 2);
        IOrderedEnumerable<(string Name, string Value)> sorted = all.Select(one => (Name: one.Name.ToLowerInvariant(), one.Value))
            .OrderBy(one => one.Name, StringComparer.Ordinal);
        string signed = string.Join(';', sorted.Select(one => one.Name));
        string canonical = $"{method}\n{path[0]}\n{CanonicalQuery(path.Length > 1 ? path[1] : "")}\n"
            + string.Concat(sorted.Select(one => $"{one.Name}:{one.Value}\n")) + $"\n{signed}\n{Hex(SHA256.HashData(body))}";
        HttpRequest request = new() { Method = method, RawTarget = target, Body = body };
        foreach ((string name, string value) in all)
        {
            request.Headers.Add(name, value);
        }

        request.Headers.Add(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={credential.AccessKeyId}/{Scope(now, service)}, SignedHeaders={signed}, "
                + $"Signature={Signature(now, service, canonical)}");
        return request;
    }

    /// <summary>A request that carries its signature in the query.</summary>
    public HttpRequest Presign(string service, string query, int seconds)
    {
        DateTimeOffset now = clock.GetUtcNow() + Skew;
        string all = $"{query}&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + $"&X-Amz-Credential={Uri.EscapeDataString($"{credential.AccessKeyId}/{Scope(now, service)}")}&X-Amz-Date={Time(now)}"
            + $"&X-Amz-Expires={seconds.ToString(CultureInfo.InvariantCulture)}&X-Amz-SignedHeaders=host"
            + (SentToken is string token ? $"&X-Amz-Security-Token={Uri.EscapeDataString(token)}" : "");
        string canonical = $"GET\n/\n{CanonicalQuery(all)}\nhost:{Host}\n\nhost\n{Hex(SHA256.HashData([]))}";
        HttpRequest request = new() { Method = "GET", RawTarget = $"/?{all}&X-Amz-Signature={Signature(now, service, canonical)}" };
        request.Headers.Add("Host", Host);
        return request;
    }

    private static string CanonicalQuery(string query)
    {
        return string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    private string Scope(DateTimeOffset time, string service) => $"{Time(time)[..8]}/{Region ?? region}/{service}/aws4_request";

    private string Signature(DateTimeOffset time, string service, string canonical)
    {
        string text = $"AWS4-HMAC-SHA256\n{Time(time)}\n{Scope(time, service)}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        if (MachineKey is RSA rsa)
        {
            return Convert.ToBase64String(rsa.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        }

        byte[] key = Mac(Encoding.UTF8.GetBytes($"AWS4{Secret ?? credential.SecretAccessKey}"), Time(time)[..8]);
        key = Mac(Mac(Mac(key, Region ?? region), service), "aws4_request");
        return Hex(Mac(key, text));

        static byte[] Mac(byte[] with, string data) => HMACSHA256.HashData(with, Encoding.UTF8.GetBytes(data));
    }
}
