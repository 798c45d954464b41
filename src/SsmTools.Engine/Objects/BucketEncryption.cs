namespace SsmTools.Engine.Objects;

/// <summary>How a bucket encrypts what is written into it.</summary>
/// <param name="Algorithm">AES256, aws:kms or aws:kms:dsse; null where it does not.</param>
/// <param name="KeyId">The KMS key as the bucket names it; null for S3's or the account's own.</param>
internal sealed record BucketEncryption(string? Algorithm, string? KeyId);
