using System.Text.Json.Serialization;

namespace SsmTools.Engine.Protocol;

/// <summary>The client's result of the action <see cref="RequestedClientAction.KmsEncryption"/>.</summary>
internal sealed record KmsEncryptionResult
{
    /// <summary>The data key as KMS encrypted it.</summary>
    [JsonPropertyName("KMSCipherTextKey")]
    public byte[]? KmsCipherTextKey { get; init; }

    /// <summary>Neither filled nor read by the references.</summary>
    [JsonPropertyName("KMSCipherTextHash")]
    public byte[]? KmsCipherTextHash { get; init; }

    /// <summary>Whether the agent's challenge is part of the encryption context.</summary>
    public bool ChallengeAcknowledgement { get; init; }
}
