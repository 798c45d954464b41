using System.Text.Json;

namespace SsmTools.Engine.Protocol;

/// <summary>The agent's half of the handshake (amazon-ssm-agent, session/datachannel/datachannel.go).</summary>
internal static class AgentHandshake
{
    /// <summary>The user reads this when the client does not answer; the words are the agent's.</summary>
    public const string TimedOut =
        "Handshake timed out. Please ensure that you have the latest version of the session manager plugin.";

    /// <summary>The user reads this when the client does not prove that it has the keys; the words are the agent's.</summary>
    public const string ChallengeTimedOut = "Timed out waiting for encryption challenge.";

    /// <summary>What the user of an encrypted session is told; the words are the agent's.</summary>
    public const string Encrypted = "This session is encrypted using AWS KMS.";

    /// <summary>The request that announces a session.</summary>
    public static HandshakeRequestPayload Request(
        string agentVersion, SessionTypeParameters session, KmsEncryptionParameters? encryption)
    {
        List<RequestedClientAction> actions =
        [
            new RequestedClientAction
            {
                ActionType = RequestedClientAction.SessionType,
                ActionParameters = JsonSerializer.SerializeToElement(session, ProtocolJson.Wire.SessionTypeParameters),
            },
        ];
        if (encryption is not null)
        {
            actions.Add(new RequestedClientAction
            {
                ActionType = RequestedClientAction.KmsEncryption,
                ActionParameters = JsonSerializer.SerializeToElement(
                    encryption, ProtocolJson.Wire.KmsEncryptionParameters),
            });
        }

        return new HandshakeRequestPayload { AgentVersion = agentVersion, RequestedClientActions = actions };
    }

    /// <summary>The key that has to be decrypted before the session opens; null when the client sent none.</summary>
    public static DataKeyNeed? FindKey(HandshakeResponsePayload response, KmsEncryptionParameters encryption)
    {
        ProcessedClientAction? action = response.ProcessedClientActions?.FirstOrDefault(
            action => action?.ActionType == RequestedClientAction.KmsEncryption);
        return ProtocolJson.TryRead(
            action?.ActionResult, ProtocolJson.Wire.KmsEncryptionResult, out KmsEncryptionResult? result)
            && result.KmsCipherTextKey is { Length: > 0 } cipherText
                ? new DataKeyNeed
                {
                    KeyId = encryption.KmsKeyId ?? "",
                    CipherText = cipherText,
                    Challenge = result.ChallengeAcknowledgement ? encryption.Challenge : null,
                }
                : null;
    }

    /// <summary>The agent's words for the actions that a client did not process; null when it processed all.</summary>
    public static string? FindFailure(HandshakeResponsePayload response)
    {
        List<string> failures = [];
        foreach (ProcessedClientAction? action in response.ProcessedClientActions ?? [])
        {
            if (action is not null && action.ActionStatus != ProcessedClientAction.Success)
            {
                failures.Add($"{action.ActionType} failed on client with status {action.ActionStatus} error: {action.Error}");
            }
        }

        return failures.Count == 0 ? null : string.Join(Environment.NewLine, failures);
    }
}
