using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.S3;

/// <summary>What a request to S3 asks for, read from method, path and query. Path style only: the host stays as it is.</summary>
/// <param name="Operation">The operation's name; null where it is none that is known here.</param>
/// <param name="Bucket">The bucket; empty for the account.</param>
/// <param name="Key">The object; empty for the bucket itself.</param>
internal sealed record StorageRoute(string? Operation, string Bucket, string Key)
{
    public static StorageRoute Read(HttpRequest request)
    {
        string[] parts = request.RawPath.TrimStart('/').Split('/', 2);
        string bucket = Uri.UnescapeDataString(parts[0]);
        string key = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        return new StorageRoute(
            bucket.Length == 0 ? OfAccount(request) : key.Length == 0 ? OfBucket(request) : OfObject(request), bucket, key);
    }

    private static string? OfAccount(HttpRequest request) => request.Method == "GET" ? "ListBuckets" : null;

    private static string? OfBucket(HttpRequest request) => (request.Method, Part(request)) switch
    {
        ("GET", "location") => "GetBucketLocation",
        ("GET", "encryption") => "GetBucketEncryption",
        ("PUT", "encryption") => "PutBucketEncryption",
        ("DELETE", "encryption") => "DeleteBucketEncryption",
        ("GET", null) when request.GetQuery("list-type") == "2" => "ListObjectsV2",
        ("PUT", null) => "CreateBucket",
        ("HEAD", null) => "HeadBucket",
        ("DELETE", null) => "DeleteBucket",
        _ => null,
    };

    private static string? OfObject(HttpRequest request)
    {
        bool isPart = request.GetQuery("uploadId") is not null;
        return (request.Method, Part(request)) switch
        {
            ("POST", "uploads") => "CreateMultipartUpload",
            ("PUT", null) when isPart => "UploadPart",
            ("POST", null) when isPart => "CompleteMultipartUpload",
            ("DELETE", null) when isPart => "AbortMultipartUpload",
            ("PUT", null) when !request.Headers.Contains("x-amz-copy-source") => "PutObject",
            ("GET", null) => "GetObject",
            ("HEAD", null) => "HeadObject",
            ("DELETE", null) => "DeleteObject",
            _ => null,
        };
    }

    /// <summary>The part of a bucket or object that is asked for, among those that there are in S3; null for itself.</summary>
    private static string? Part(HttpRequest request) => request.Query.Select(pair => pair.Key).FirstOrDefault(
        name => name is "location" or "encryption" or "uploads" or "acl" or "policy" or "tagging" or "versioning" or "logging"
            or "lifecycle" or "website" or "cors" or "notification" or "replication" or "ownershipControls"
            or "publicAccessBlock" or "versions" or "object-lock" or "policyStatus" or "retention" or "legal-hold" or "attributes");
}
