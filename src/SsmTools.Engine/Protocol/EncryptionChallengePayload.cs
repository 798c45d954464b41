namespace SsmTools.Engine.Protocol;

/// <summary>
/// The payload of <see cref="PayloadType.EncryptionChallengeRequest"/> and its response: the same 64 random bytes, each
/// time encrypted by who sends them.
/// </summary>
internal sealed record EncryptionChallengePayload
{
    /// <summary>The encrypted bytes.</summary>
    public byte[]? Challenge { get; init; }
}
