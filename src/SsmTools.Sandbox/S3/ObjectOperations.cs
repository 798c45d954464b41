using System.Globalization;
using System.Security.Cryptography;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.S3;

/// <summary>S3's operations on objects.</summary>
internal static class ObjectOperations
{
    private const string MetadataPrefix = "x-amz-meta-";

    public static HttpResponse Put(StorageCall call)
    {
        BucketRecord bucket = call.Bucket();
        CheckDigests(call.Request);
        ObjectEncryption? encryption = call.Encryption(bucket);
        ObjectRecord made = new(
            call.Request.Body, Tag(call.Request.Body), ContentType(call.Request), Metadata(call.Request), encryption, call.World.Now);
        bucket.Objects[call.Route.Key] = made;
        HttpResponse response = new(200);
        response.Headers.Add("ETag", made.ETag);
        Describe(encryption, response.Headers);
        return response;
    }

    /// <summary>Gives an object or a range of it. The server leaves the bytes out where only the head is asked for.</summary>
    public static HttpResponse Get(StorageCall call)
    {
        BucketRecord bucket = call.Bucket();
        ObjectRecord one = call.Object(bucket);
        if (one.Encryption is { Algorithm: ObjectEncryption.Kms, KeyId: not null })
        {
            call.Demand("kms:Decrypt");
        }

        if (call.Request.Headers["If-Match"] is string wanted && wanted != "*" && wanted.Trim('"') != one.ETag.Trim('"'))
        {
            throw StorageError.Create(
                "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
        }

        (int Start, int Count)? range = ByteRange.Read(call.Request.Headers["Range"], one.Content.Length);
        byte[] content = range is { } part ? one.Content.AsSpan(part.Start, part.Count).ToArray() : one.Content;
        HttpResponse response = new(range is null ? 200 : 206, content, one.ContentType);
        if (range is { } given)
        {
            response.Headers.Add(
                "Content-Range",
                string.Create(CultureInfo.InvariantCulture, $"bytes {given.Start}-{given.Start + given.Count - 1}/{one.Content.Length}"));
        }

        response.Headers.Add("ETag", one.ETag);
        response.Headers.Add("Accept-Ranges", "bytes");
        response.Headers.Add("Last-Modified", one.Modified.ToString("r", CultureInfo.InvariantCulture));
        foreach ((string name, string value) in one.Metadata)
        {
            response.Headers.Add(MetadataPrefix + name, value);
        }

        Describe(one.Encryption, response.Headers);
        return response;
    }

    public static HttpResponse Delete(StorageCall call)
    {
        call.Bucket().Objects.Remove(call.Route.Key);
        return new HttpResponse(204);
    }

    /// <summary>The quoted tag of some bytes.</summary>
    public static string Tag(byte[] content)
    {
#pragma warning disable CA5351 // It is what S3 calls the tag; nothing is kept secret by it.
        return $"\"{Convert.ToHexString(MD5.HashData(content)).ToLowerInvariant()}\"";
#pragma warning restore CA5351
    }

    public static string ContentType(HttpRequest request) => request.Headers["Content-Type"] ?? "binary/octet-stream";

    public static IReadOnlyDictionary<string, string> Metadata(HttpRequest request) => request.Headers
        .Where(field => field.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
        .GroupBy(field => field.Key[MetadataPrefix.Length..].ToLowerInvariant(), field => field.Value)
        .ToDictionary(group => group.Key, group => string.Join(',', group), StringComparer.Ordinal);

    public static void Describe(ObjectEncryption? encryption, HttpHeaders headers)
    {
        if (encryption is not null)
        {
            headers.Add("x-amz-server-side-encryption", encryption.Algorithm);
            if (encryption.KeyId is not null)
            {
                headers.Add("x-amz-server-side-encryption-aws-kms-key-id", encryption.KeyId);
            }
        }
    }

    /// <summary>Throws where a body is not the one that its writer took a digest of.</summary>
    public static void CheckDigests(HttpRequest request)
    {
#pragma warning disable CA5351 // The field's definition (RFC 1864).
        byte[] digest = MD5.HashData(request.Body);
#pragma warning restore CA5351
        bool isWrong = Differs("Content-MD5", digest) || Differs("x-amz-checksum-sha256", SHA256.HashData(request.Body));
        if (isWrong)
        {
            throw StorageError.Create("BadDigest", "The Content-MD5 you specified did not match what we received.");
        }

        bool Differs(string field, byte[] right) => request.Headers[field] is string stated && stated != Convert.ToBase64String(right);
    }
}
