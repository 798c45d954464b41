using System.Security.Cryptography;
using System.Text;
using SsmTools.Sandbox.Http;

namespace SsmTools.Tests.Sandbox.S3;

/// <summary>Calls to S3 as they look on the wire.</summary>
internal static class StorageAccount
{
    public static ApiReply Storage(
        this SandboxAccount account, string method, string target, string body = "", params (string Name, string Value)[] headers) =>
        account.Storage(account.Signer, method, target, body, headers);

    public static ApiReply Storage(
        this SandboxAccount account,
        TinySigner signer,
        string method,
        string target,
        string body = "",
        params (string Name, string Value)[] headers)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string hash = Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
        HttpRequest request = signer.Sign(method, target, "s3", bytes, [("X-Amz-Content-Sha256", hash), .. headers]);
        return account.Send(request);
    }

    /// <summary>The code of a refusal: S3's errors are their own root.</summary>
    public static string? StorageCode(this ApiReply reply) => reply.Status < 300 ? null : reply.Value("Code");
}
