using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// Signs as the agent does: host, date and token (and content type, where there is a body; and the operation, where there
/// is one) under the signature (amazon-ssm-agent, session/service/service.go).
/// </summary>
internal static class RequestSigner
{
    /// <summary>The fields to be sent besides Host.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Sign(
        string method,
        Uri url,
        byte[] body,
        string? contentType,
        AgentCredentials credentials,
        string region,
        DateTimeOffset now,
        string service = "ssmmessages",
        string? target = null)
    {
        string time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        HttpRequest request = new() { Method = method, RawTarget = url.PathAndQuery, Body = body };
        List<string> names = ["host", "x-amz-date", "x-amz-security-token"];
        request.Headers.Add("host", url.Authority);
        request.Headers.Add("x-amz-date", time);
        request.Headers.Add("x-amz-security-token", credentials.SessionToken);
        bool isStorage = service == "s3";
        string hash = Hex(SHA256.HashData(body));
        if (isStorage)
        {
            names.Insert(1, "x-amz-content-sha256");
            request.Headers.Add("x-amz-content-sha256", hash);
        }

        if (contentType is not null)
        {
            names.Insert(0, "content-type");
            request.Headers.Add("content-type", contentType);
        }

        if (target is not null)
        {
            names.Add("x-amz-target");
            request.Headers.Add("x-amz-target", target);
        }

        string scope = $"{time[..8]}/{region}/{service}/aws4_request";
        string canonical = CanonicalRequest.Build(request, names, presigned: false, isStorage: isStorage);
        string toSign = $"{RequestSignature.Algorithm}\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{credentials.SecretAccessKey}");
        foreach (string part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        string signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        List<KeyValuePair<string, string>> headers =
        [
            new("X-Amz-Date", time),
            new("X-Amz-Security-Token", credentials.SessionToken),
            new("Authorization",
                $"{RequestSignature.Algorithm} Credential={credentials.AccessKeyId}/{scope}, "
                    + $"SignedHeaders={string.Join(';', names)}, Signature={signature}"),
        ];
        if (isStorage)
        {
            headers.Add(new KeyValuePair<string, string>("X-Amz-Content-Sha256", hash));
        }

        if (target is not null)
        {
            headers.Add(new KeyValuePair<string, string>("X-Amz-Target", target));
        }

        return headers;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
