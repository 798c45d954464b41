using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.S3;

/// <summary>A call to S3 that was let in.</summary>
/// <param name="World">The account.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Request">What came.</param>
/// <param name="Route">What it is about.</param>
/// <param name="Region">The Region whose S3 is asked: the one in the signature.</param>
internal sealed record StorageCall(SandboxWorld World, Principal Caller, HttpRequest Request, StorageRoute Route, string Region)
{
    /// <summary>The bucket that it is about. One in another Region is not answered for, but its Region is told.</summary>
    public BucketRecord Bucket(bool anywhere = false)
    {
        BucketRecord bucket = World.Buckets.GetValueOrDefault(Route.Bucket)
            ?? throw StorageError.Create("NoSuchBucket", "The specified bucket does not exist", 404);
        return anywhere || bucket.Region == Region ? bucket : throw StorageError.Elsewhere(bucket);
    }

    /// <summary>The object that it is about.</summary>
    public ObjectRecord Object(BucketRecord bucket) => bucket.Objects.GetValueOrDefault(Route.Key)
        ?? throw StorageError.Create("NoSuchKey", "The specified key does not exist.", 404);

    /// <summary>Throws where the caller may not do something.</summary>
    public void Demand(string action) => Authorizer.Check(World, Caller, action, WireProtocol.RestXml);

    /// <summary>How what is written now is to lie there: as the writer says, else as the bucket does.</summary>
    public ObjectEncryption? Encryption(BucketRecord bucket)
    {
        string? algorithm = Request.Headers["x-amz-server-side-encryption"];
        ObjectEncryption? chosen = algorithm is null ? bucket.Encryption : EncryptionXml.Check(
            new ObjectEncryption(algorithm, Request.Headers["x-amz-server-side-encryption-aws-kms-key-id"]));
        if (chosen is { Algorithm: ObjectEncryption.Kms, KeyId: not null })
        {
            Demand("kms:GenerateDataKey");
        }

        return chosen;
    }
}
