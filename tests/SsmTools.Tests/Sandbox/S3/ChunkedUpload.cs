using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;

namespace SsmTools.Tests.Sandbox.S3;

/// <summary>An upload in signed chunks, written from AWS's description and not from the verifier.</summary>
internal static class ChunkedUpload
{
    private const string Kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    public static HttpRequest Sign(SandboxAccount account, string target, IReadOnlyList<string> chunks)
    {
        int length = chunks.Sum(Encoding.UTF8.GetByteCount);
        string time = account.Clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string scope = $"{time[..8]}/{account.World.Region}/s3/aws4_request";
        string size = length.ToString(CultureInfo.InvariantCulture);
        string host = account.Signer.Host;
        string canonical = $"PUT\n{target}\n\ncontent-encoding:aws-chunked\nhost:{host}\nx-amz-content-sha256:{Kind}\nx-amz-date:{time}\n"
            + $"x-amz-decoded-content-length:{size}\n\n"
            + $"content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length\n{Kind}";
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{account.Key.SecretAccessKey}");
        foreach (string part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        string signature = Mac($"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hash(canonical)}");
        HttpRequest request = new() { Method = "PUT", RawTarget = target };
        request.Headers.Add("Host", host);
        request.Headers.Add("Content-Encoding", "aws-chunked");
        request.Headers.Add("X-Amz-Content-Sha256", Kind);
        request.Headers.Add("X-Amz-Date", time);
        request.Headers.Add("X-Amz-Decoded-Content-Length", size);
        request.Headers.Add(
            "Authorization",
            $"{RequestSignature.Algorithm} Credential={account.Key.AccessKeyId}/{scope}, SignedHeaders=content-encoding;host;"
                + $"x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length, Signature={signature}");
        StringBuilder body = new();
        foreach (string chunk in (string[])[.. chunks, ""])
        {
            signature = Mac($"AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{scope}\n{signature}\n{Hash("")}\n{Hash(chunk)}");
            body.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(chunk):x};chunk-signature={signature}\r\n{chunk}\r\n");
        }

        request.Body = Encoding.UTF8.GetBytes(body.ToString());
        return request;

        string Mac(string text) => Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

        static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
    }
}
