namespace SsmTools.Engine.Protocol;

/// <summary>The handshake, both halves of it.</summary>
internal sealed partial class DataChannel
{
    /// <summary>Far above the two that there are: each is answered, and a short request must not make a giant answer.</summary>
    private const int MaxRequestedActions = 64;

    private void StartAgent()
    {
        if (_options.Handshake is not { } session)
        {
            Open(new ChannelOpening { SessionType = SessionType.StandardStream });
            return;
        }

        _state = State.Handshaking;
        _opening = new ChannelOpening
        {
            SessionType = session.SessionType ?? SessionType.StandardStream,
            HasHandshake = true,
            Properties = session.Properties,
        };
        Add(
            PayloadType.HandshakeRequest,
            ProtocolJson.Write(
                AgentHandshake.Request(_options.AgentVersion, session, _options.Encryption),
                ProtocolJson.Wire.HandshakeRequestPayload));
    }

    private void ProcessRequest(ReadOnlySpan<byte> payload)
    {
        if (_options.Role != ChannelRole.Client || _state != State.Undecided)
        {
            return; // a second answer would block the agent for good
        }

        if (!ProtocolJson.TryRead(payload, ProtocolJson.Wire.HandshakeRequestPayload, out HandshakeRequestPayload? request))
        {
            Fail("The agent's handshake request is not the JSON that it must be.");
            return;
        }

        if (request.RequestedClientActions?.Count > MaxRequestedActions)
        {
            Fail($"The agent's handshake asks for more than {MaxRequestedActions} actions.");
            return;
        }

        _state = State.Handshaking;
        if (ClientHandshake.FindKeyNeed(request) is { } need)
        {
            _unanswered = request;
            NeedKey(need);
        }
        else
        {
            SendResponse(request, null);
        }
    }

    private void SendResponse(HandshakeRequestPayload request, KmsEncryptionResult? encryption)
    {
        HandshakeResponsePayload response = ClientHandshake.Answer(
            request, _options.ClientVersion, encryption, out SessionTypeParameters? session);
        _opening = new ChannelOpening
        {
            SessionType = session?.SessionType ?? SessionType.StandardStream,
            HasHandshake = true,
            PeerVersion = request.AgentVersion,
            Properties = session?.Properties,
        };
        Add(
            PayloadType.HandshakeResponse,
            ProtocolJson.Write(response, ProtocolJson.Wire.HandshakeResponsePayload));
    }

    private void ProcessResponse(ReadOnlySpan<byte> payload)
    {
        if (!AwaitsHandshakeResponse || _keyNeed is not null || _keys is not null)
        {
            return;
        }

        if (!ProtocolJson.TryRead(
            payload, ProtocolJson.Wire.HandshakeResponsePayload, out HandshakeResponsePayload? response))
        {
            Fail("The client's handshake response is not the JSON that it must be.");
        }
        else if (AgentHandshake.FindFailure(response) is { } failure)
        {
            Fail(failure);
        }
        else
        {
            _opening = _opening! with { PeerVersion = response.ClientVersion };
            if (_options.Encryption is not { } encryption)
            {
                Complete("");
            }
            else if (AgentHandshake.FindKey(response, encryption) is { } need)
            {
                NeedKey(need);
            }
            else
            {
                Fail("The client's handshake response has no key for the encryption.");
            }
        }
    }

    /// <summary>Agent: nothing is left to agree on.</summary>
    private void Complete(string customerMessage)
    {
        HandshakeCompletePayload complete = new()
        {
            HandshakeTimeToComplete = (long)_timeProvider.GetElapsedTime(_startedAt).TotalNanoseconds,
            CustomerMessage = customerMessage,
        };
        Add(
            PayloadType.HandshakeComplete,
            ProtocolJson.Write(complete, ProtocolJson.Wire.HandshakeCompletePayload));
        Open(_opening!);
    }

    private void ProcessComplete(ReadOnlySpan<byte> payload)
    {
        if (_options.Role != ChannelRole.Client || _state != State.Handshaking)
        {
            return;
        }

        if (_keyNeed is not null)
        {
            Break("the agent completed the handshake of an encrypted session before there were keys");
            return;
        }

        ProtocolJson.TryRead(
            payload, ProtocolJson.Wire.HandshakeCompletePayload, out HandshakeCompletePayload? complete);
        Open(_opening! with { CustomerMessage = complete?.CustomerMessage ?? "" });
    }
}
