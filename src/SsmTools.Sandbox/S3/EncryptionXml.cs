using System.Xml.Linq;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.S3;

/// <summary>How a bucket encrypts, as XML.</summary>
internal static class EncryptionXml
{
    private const string Root = "ServerSideEncryptionConfiguration";

    public static XElement Write(ObjectEncryption encryption) => StorageXml.Element(
        Root,
        StorageXml.Element(
            "Rule",
            StorageXml.Element(
                "ApplyServerSideEncryptionByDefault",
                StorageXml.Element("SSEAlgorithm", encryption.Algorithm),
                encryption.KeyId is null ? null : StorageXml.Element("KMSMasterKeyID", encryption.KeyId)),
            StorageXml.Element("BucketKeyEnabled", encryption.HasBucketKey ? "true" : "false")));

    public static ObjectEncryption Read(byte[] body)
    {
        XElement root = StorageXml.Read(body, Root);
        string? algorithm = Value("SSEAlgorithm");
        return algorithm is null
            ? throw ErrorWords.Unreadable(
                WireProtocol.RestXml, "The XML you provided was not well-formed or did not validate against our published schema")
            : Check(new ObjectEncryption(algorithm, Value("KMSMasterKeyID"), Value("BucketKeyEnabled") == "true"));

        string? Value(string name) => root.Descendants().FirstOrDefault(one => one.Name.LocalName == name)?.Value;
    }

    /// <summary>Lets only what S3 knows pass.</summary>
    public static ObjectEncryption Check(ObjectEncryption encryption) => encryption switch
    {
        { Algorithm: "AES256", KeyId: null } or { Algorithm: ObjectEncryption.Kms } => encryption,
        { Algorithm: "AES256" } => throw StorageError.Create(
            "InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms"),
        _ => throw StorageError.Create("InvalidArgument", "The encryption method specified is not supported"),
    };
}
