using System.Text.Json;

namespace SsmTools.Engine.Protocol;

/// <summary>The client's half of the handshake (session-manager-plugin, datachannel/streaming.go).</summary>
internal static class ClientHandshake
{
    /// <summary>The data key that a request wants to have first; null where it wants no encryption, or names no key.</summary>
    public static DataKeyNeed? FindKeyNeed(HandshakeRequestPayload request)
    {
        RequestedClientAction? action = request.RequestedClientActions?.FirstOrDefault(
            action => action?.ActionType == RequestedClientAction.KmsEncryption);
        return ProtocolJson.TryRead(
            action?.ActionParameters,
            ProtocolJson.Wire.KmsEncryptionParameters,
            out KmsEncryptionParameters? parameters) && parameters.KmsKeyId is { Length: > 0 } keyId
                ? new DataKeyNeed
                {
                    KeyId = keyId,
                    Challenge = string.IsNullOrEmpty(parameters.Challenge) ? null : parameters.Challenge,
                }
                : null;
    }

    /// <summary>The answer to a request, and what it said of the session.</summary>
    /// <param name="request">What the agent asks for.</param>
    /// <param name="clientVersion">The version to report.</param>
    /// <param name="encryption">The data key, where the request wants one.</param>
    /// <param name="session">The type of the session; null where it is not known.</param>
    public static HandshakeResponsePayload Answer(
        HandshakeRequestPayload request,
        string clientVersion,
        KmsEncryptionResult? encryption,
        out SessionTypeParameters? session)
    {
        session = null;
        List<ProcessedClientAction> processed = [];
        foreach (RequestedClientAction? action in request.RequestedClientActions ?? [])
        {
            switch (action?.ActionType)
            {
                case RequestedClientAction.SessionType:
                    processed.Add(AcceptSessionType(action, out SessionTypeParameters? parameters));
                    session = parameters ?? session;
                    break;
                case RequestedClientAction.KmsEncryption:
                    processed.Add(encryption is null ? Refuse(action, "it names no key") : Accept(action, encryption));
                    break;
                default:
                    processed.Add(new ProcessedClientAction
                    {
                        ActionType = action?.ActionType,
                        ActionStatus = ProcessedClientAction.Unsupported,
                        Error = $"Unsupported action {action?.ActionType}",
                    });
                    break;
            }
        }

        List<string> errors = processed.ConvertAll(action => action.Error ?? "");
        errors.RemoveAll(string.IsNullOrEmpty);
        return new HandshakeResponsePayload
        {
            ClientVersion = clientVersion,
            ProcessedClientActions = processed,
            Errors = errors.Count == 0 ? null : errors,
        };
    }

    private static ProcessedClientAction AcceptSessionType(RequestedClientAction action, out SessionTypeParameters? session)
    {
        if (!ProtocolJson.TryRead(action.ActionParameters, ProtocolJson.Wire.SessionTypeParameters, out session)
            || !SessionType.IsKnown(session.SessionType))
        {
            ProcessedClientAction refusal = Refuse(action, $"Unknown session type {session?.SessionType}");
            session = null;
            return refusal;
        }

        return new ProcessedClientAction
        {
            ActionType = action.ActionType,
            ActionStatus = ProcessedClientAction.Success,
            Error = "",
        };
    }

    private static ProcessedClientAction Accept(RequestedClientAction action, KmsEncryptionResult encryption) => new()
    {
        ActionType = action.ActionType,
        ActionStatus = ProcessedClientAction.Success,
        ActionResult = JsonSerializer.SerializeToElement(encryption, ProtocolJson.Wire.KmsEncryptionResult),
        Error = "",
    };

    private static ProcessedClientAction Refuse(RequestedClientAction action, string reason) => new()
    {
        ActionType = action.ActionType,
        ActionStatus = ProcessedClientAction.Failed,
        Error = $"Failed to process action {action.ActionType}: {reason}",
    };
}
