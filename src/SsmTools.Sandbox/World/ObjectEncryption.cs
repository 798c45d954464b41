namespace SsmTools.Sandbox.World;

/// <summary>How an object lies in S3.</summary>
/// <param name="Algorithm">AES256 or aws:kms.</param>
/// <param name="KeyId">The key's name as it was given; null for S3's own.</param>
/// <param name="HasBucketKey">Whether one data key serves many objects.</param>
internal sealed record ObjectEncryption(string Algorithm, string? KeyId = null, bool HasBucketKey = false)
{
    public const string Kms = "aws:kms";

    public static readonly ObjectEncryption Default = new("AES256");
}
