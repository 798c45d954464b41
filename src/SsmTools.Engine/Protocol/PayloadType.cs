namespace SsmTools.Engine.Protocol;

/// <summary>What the payload of a stream data message is (session-manager-plugin, message/clientmessage.go).</summary>
internal enum PayloadType : uint
{
    /// <summary>Unset: acknowledgements, state and control messages.</summary>
    None = 0,

    /// <summary>Raw bytes, both ways: keystrokes, terminal output, tunnel bytes.</summary>
    Output = 1,

    /// <summary>Declared by the references, sent by none.</summary>
    Error = 2,

    /// <summary>The size of the client's terminal, JSON.</summary>
    Size = 3,

    /// <summary>Declared by the references, sent by none.</summary>
    Parameter = 4,

    /// <summary>Agent to client, JSON.</summary>
    HandshakeRequest = 5,

    /// <summary>Client to agent, JSON.</summary>
    HandshakeResponse = 6,

    /// <summary>Agent to client, JSON.</summary>
    HandshakeComplete = 7,

    /// <summary>Agent to client, JSON: proof that both hold the same keys.</summary>
    EncryptionChallengeRequest = 8,

    /// <summary>Client to agent, JSON.</summary>
    EncryptionChallengeResponse = 9,

    /// <summary>A <see cref="StreamFlag"/>, four bytes, big-endian.</summary>
    Flag = 10,

    /// <summary>Agent to client: raw bytes of standard error, where it is told apart.</summary>
    StandardError = 11,

    /// <summary>Agent to client: the text <c>EXIT_CODE: n</c>.</summary>
    ExitCode = 12,
}
