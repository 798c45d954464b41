using System.Text.Json.Serialization;

namespace SsmTools.Engine.Protocol;

/// <summary>The parameters of the action <see cref="RequestedClientAction.KmsEncryption"/>.</summary>
internal sealed record KmsEncryptionParameters
{
    /// <summary>The key as the session document names it: id, ARN or alias.</summary>
    [JsonPropertyName("KMSKeyId")]
    public string? KmsKeyId { get; init; }

    /// <summary>Base64 of 16 random bytes from newer agents; it then belongs to the encryption context.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Challenge { get; init; }
}
