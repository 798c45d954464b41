namespace SsmTools.Sandbox.Http;

/// <summary>How much a client may send and how long it may take over it.</summary>
internal sealed record HttpLimits
{
    /// <summary>Bytes of request line and header fields together.</summary>
    public int HeadBytes { get; init; } = 32 * 1024;

    /// <summary>Header fields in one request.</summary>
    public int HeaderCount { get; init; } = 100;

    /// <summary>Bytes of one body, after chunks were put together: S3's clients send what is long in parts of 5 to 8 MiB.</summary>
    public int BodyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a connection may lie idle before its next request.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the head may take from its first byte, and again the body.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long writing one answer may take.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(30);
}
