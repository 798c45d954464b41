namespace SsmTools.Engine.Protocol;

/// <summary>What a <see cref="DataChannel"/> is told once, at its start.</summary>
internal sealed record DataChannelOptions
{
    /// <summary>Which end it is.</summary>
    public required ChannelRole Role { get; init; }

    /// <summary>
    /// Client: the version to report. High enough for every gate, so that agents multiplex and expect no keep-alive.
    /// </summary>
    public string ClientVersion { get; init; } = "1.2.694.0";

    /// <summary>Agent: the version to report, four numbers.</summary>
    public string AgentVersion { get; init; } = "3.3.1142.0";

    /// <summary>Agent: what to announce in a handshake; null for none, as the real agent has it for plain shells.</summary>
    public SessionTypeParameters? Handshake { get; init; }

    /// <summary>Agent: the key that a session with a handshake is to be encrypted with; null for none.</summary>
    public KmsEncryptionParameters? Encryption { get; init; }

    /// <summary>Agent: how long the client has to answer the handshake, and again the encryption challenge.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest wait before a resend; above the references' second, for slow links.</summary>
    public TimeSpan ResendCeiling { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The shortest wait before a resend, TCP's usual one: where round trips take a millisecond, a busy machine's pause of 20 is
    /// no loss, and what is lost amid others is resent sooner anyway. The references look about every 100 ms only.
    /// </summary>
    public TimeSpan ResendFloor { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The most unacknowledged payload bytes; the sender is held back sooner where they queue up.</summary>
    public int MaxBytesInFlight { get; init; } = 1024 * 1024;

    /// <summary>Unacknowledged messages above which the sender is held back; below the 10,000 that a plugin can buffer.</summary>
    public int MaxMessagesInFlight { get; init; } = 4096;

    /// <summary>Messages that may wait for an earlier one; the plugin's figure.</summary>
    public int MaxMessagesBuffered { get; init; } = 10_000;

    /// <summary>Payload bytes that may wait for an earlier message.</summary>
    public int MaxBytesBuffered { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Resends after which a message counts as delivered once a later one is acknowledged; null for never. Agents need
    /// it: the plugin does not acknowledge duplicates, so one lost acknowledgement would pin a message for ever.
    /// </summary>
    public int? MaxResends { get; init; }

    /// <summary>Where ids of messages come from.</summary>
    public Func<Guid> NewId { get; init; } = new MessageIds().Next;
}
