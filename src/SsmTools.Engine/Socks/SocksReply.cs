namespace SsmTools.Engine.Socks;

/// <summary>What a SOCKS server answers to a request (RFC 1928, section 6).</summary>
internal enum SocksReply : byte
{
    /// <summary>Connected.</summary>
    Succeeded = 0x00,

    /// <summary>None of those below.</summary>
    GeneralFailure = 0x01,

    /// <summary>Not allowed by a rule.</summary>
    NotAllowed = 0x02,

    /// <summary>No way to the network.</summary>
    NetworkUnreachable = 0x03,

    /// <summary>No way to the host, or no such host.</summary>
    HostUnreachable = 0x04,

    /// <summary>Nothing listens there.</summary>
    ConnectionRefused = 0x05,

    /// <summary>It took too long.</summary>
    TimeToLiveExpired = 0x06,

    /// <summary>Neither BIND nor UDP ASSOCIATE is served.</summary>
    CommandNotSupported = 0x07,

    /// <summary>Neither an IPv4 nor an IPv6 address, nor a name.</summary>
    AddressTypeNotSupported = 0x08,
}
