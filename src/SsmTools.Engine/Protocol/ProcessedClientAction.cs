using System.Text.Json;

namespace SsmTools.Engine.Protocol;

/// <summary>What became of one requested action. An agent ends the session for every status but success.</summary>
internal sealed record ProcessedClientAction
{
    /// <summary>Done.</summary>
    public const int Success = 1;

    /// <summary>Tried in vain.</summary>
    public const int Failed = 2;

    /// <summary>Not known.</summary>
    public const int Unsupported = 3;

    /// <summary>As requested.</summary>
    public string? ActionType { get; init; }

    /// <summary><see cref="Success"/>, <see cref="Failed"/> or <see cref="Unsupported"/>.</summary>
    public int ActionStatus { get; init; }

    /// <summary>By type; null for session types, a <see cref="KmsEncryptionResult"/> for encryption.</summary>
    public JsonElement? ActionResult { get; init; }

    /// <summary>Empty, or words.</summary>
    public string? Error { get; init; }
}
