using System.Text.Json;

namespace SsmTools.Engine.Protocol;

/// <summary>One action of a <see cref="HandshakeRequestPayload"/>.</summary>
internal sealed record RequestedClientAction
{
    /// <summary>Parameters are a <see cref="SessionTypeParameters"/>.</summary>
    public const string SessionType = "SessionType";

    /// <summary>Parameters are a <see cref="KmsEncryptionParameters"/>.</summary>
    public const string KmsEncryption = "KMSEncryption";

    /// <summary><see cref="SessionType"/>, <see cref="KmsEncryption"/>, or what a later agent invents.</summary>
    public string? ActionType { get; init; }

    /// <summary>By type.</summary>
    public JsonElement? ActionParameters { get; init; }
}
