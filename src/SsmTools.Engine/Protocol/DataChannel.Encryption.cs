using System.Security.Cryptography;

namespace SsmTools.Engine.Protocol;

/// <summary>Encrypted sessions, both halves of them.</summary>
internal sealed partial class DataChannel : IDisposable
{
    private const int ChallengeLength = 64;

    private SessionKeys? _keys;
    private DataKeyNeed? _keyNeed;
    private HandshakeRequestPayload? _unanswered;
    private byte[]? _challenge;
    private long _challengedAt;

    /// <summary>Whether the session's data is encrypted between client and agent.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>Clears the keys. Nothing is sent or received afterwards: it would be plain.</summary>
    public void Dispose()
    {
        _state = State.Ended;
        ForgetKeys();
        _digest.Dispose();
    }

    private void ForgetKeys()
    {
        _keys?.Dispose();
        _keys = null;
        CryptographicOperations.ZeroMemory(_challenge);
    }

    /// <summary>
    /// Answers <see cref="ChannelEventKind.KeyNeeded"/>; the handshake goes on. What waits for it is acknowledged
    /// meanwhile. Without effect when the session has ended.
    /// </summary>
    /// <param name="dataKey">64 bytes; the caller clears them.</param>
    /// <param name="cipherText">Client: the same, as KMS encrypted it.</param>
    public void ProvideKey(ReadOnlySpan<byte> dataKey, byte[]? cipherText)
    {
        if (_state != State.Handshaking || _keyNeed is not { } need)
        {
            return;
        }

        _keyNeed = null;
        if (dataKey.Length != SessionKeys.DataKeyLength)
        {
            Fail($"AWS KMS gave a data key of {dataKey.Length} bytes where {SessionKeys.DataKeyLength} are needed.");
            return;
        }

        _keys = new SessionKeys(_options.Role, dataKey);
        IsEncrypted = true;
        if (_options.Role == ChannelRole.Client)
        {
            SendResponse(_unanswered!, new KmsEncryptionResult
            {
                KmsCipherTextKey = cipherText,
                ChallengeAcknowledgement = need.Challenge is not null,
            });
            return;
        }

        _challenge = RandomNumberGenerator.GetBytes(ChallengeLength);
        _challengedAt = _timeProvider.GetTimestamp();
        SendChallenge(PayloadType.EncryptionChallengeRequest, _challenge);
    }

    private void NeedKey(DataKeyNeed need)
    {
        _keyNeed = need;
        _events.Enqueue(new ChannelEvent { Kind = ChannelEventKind.KeyNeeded, KeyNeed = need });
    }

    private void SendChallenge(PayloadType payloadType, ReadOnlySpan<byte> challenge) => Add(
        payloadType,
        ProtocolJson.Write(
            new EncryptionChallengePayload { Challenge = _keys!.Encrypt(challenge) },
            ProtocolJson.Wire.EncryptionChallengePayload));

    private void ProcessChallengeRequest(ReadOnlySpan<byte> payload)
    {
        if (_options.Role != ChannelRole.Client || _keys is null || _state != State.Handshaking)
        {
            return;
        }

        if (ReadChallenge(payload) is { } challenge)
        {
            SendChallenge(PayloadType.EncryptionChallengeResponse, challenge);
            CryptographicOperations.ZeroMemory(challenge);
        }
        else
        {
            Break("the agent's encryption challenge was not made with the session's key");
        }
    }

    private void ProcessChallengeResponse(ReadOnlySpan<byte> payload)
    {
        if (!AwaitsHandshakeResponse || _challenge is null)
        {
            return;
        }

        if (ReadChallenge(payload) is { } answer && CryptographicOperations.FixedTimeEquals(answer, _challenge))
        {
            Complete(AgentHandshake.Encrypted);
        }
        else
        {
            Break("the client's answer to the encryption challenge is wrong");
        }
    }

    private byte[]? ReadChallenge(ReadOnlySpan<byte> payload) =>
        ProtocolJson.TryRead(payload, ProtocolJson.Wire.EncryptionChallengePayload, out EncryptionChallengePayload? read)
        && _keys!.TryDecrypt(read.Challenge, out byte[]? challenge)
            ? challenge
            : null;

    /// <summary>Decrypts where that is due. False when the session has ended by it.</summary>
    private bool TryReveal(PayloadType payloadType, ref ReadOnlyMemory<byte> payload)
    {
        ChannelRole sender = _options.Role == ChannelRole.Client ? ChannelRole.Agent : ChannelRole.Client;
        if ((_keys is null && _keyNeed is null) || !SessionKeys.Cover(sender, payloadType))
        {
            return true;
        }

        if (_keys is not null && _keys.TryDecrypt(payload.Span, out byte[]? plain))
        {
            payload = plain;
            return true;
        }

        Break("a message of an encrypted session was not encrypted with the session's key, or was changed on its way");
        return false;
    }
}
