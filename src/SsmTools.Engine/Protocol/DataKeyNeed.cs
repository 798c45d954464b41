namespace SsmTools.Engine.Protocol;

/// <summary>What an end asks AWS KMS for before an encrypted session opens: 64 bytes.</summary>
internal sealed record DataKeyNeed
{
    /// <summary>The KMS key.</summary>
    public required string KeyId { get; init; }

    /// <summary>Agent: what is to be decrypted. Client: null, a new data key is to be generated.</summary>
    public byte[]? CipherText { get; init; }

    /// <summary>The agent's challenge where it is part of the context; otherwise null.</summary>
    public string? Challenge { get; init; }

    /// <summary>The encryption context, which both ends must name alike.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="targetId">The node, as StartSession was told.</param>
    public Dictionary<string, string> Context(string sessionId, string targetId)
    {
        Dictionary<string, string> context = new(StringComparer.Ordinal)
        {
            ["aws:ssm:SessionId"] = sessionId,
            ["aws:ssm:TargetId"] = targetId,
        };
        if (Challenge is not null)
        {
            context["aws:ssm:RandomChallenge"] = Challenge;
        }

        return context;
    }
}
