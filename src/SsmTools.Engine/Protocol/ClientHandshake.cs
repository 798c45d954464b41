namespace SsmTools.Engine.Protocol;

/// <summary>The client's half of the handshake (session-manager-plugin, datachannel/streaming.go).</summary>
internal static class ClientHandshake
{
    /// <summary>The answer to a request, and what it said of the session.</summary>
    public static HandshakeResponsePayload Answer(
        HandshakeRequestPayload request, string clientVersion, out SessionTypeParameters? session)
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
                    processed.Add(Refuse(action, "this client does not encrypt sessions with AWS KMS keys"));
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

    private static ProcessedClientAction Refuse(RequestedClientAction action, string reason) => new()
    {
        ActionType = action.ActionType,
        ActionStatus = ProcessedClientAction.Failed,
        Error = $"Failed to process action {action.ActionType}: {reason}",
    };
}
