using System.Security.Cryptography;

namespace SsmTools.Sandbox.World;

/// <summary>A KMS key: what its data keys are encrypted with, and by which names it goes.</summary>
internal sealed class KmsKeyRecord(string id, string arn)
{
    public string Id { get; } = id;

    public string Arn { get; } = arn;

    /// <summary>Gets the names that begin with <c>alias/</c>.</summary>
    public List<string> Aliases { get; } = [];

    /// <summary>Gets the key itself, made here and known nowhere else.</summary>
    public byte[] Material { get; } = RandomNumberGenerator.GetBytes(32);
}
