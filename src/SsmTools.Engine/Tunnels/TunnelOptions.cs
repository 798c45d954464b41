namespace SsmTools.Engine.Tunnels;

/// <summary>What tunnel to open, and how it behaves.</summary>
public sealed record TunnelOptions
{
    /// <summary>The node: an instance id or <c>mi-…</c>.</summary>
    public required string Target { get; init; }

    /// <summary>From where to where. With <see cref="IsDynamic"/> only its local port counts.</summary>
    public required Forward Forward { get; init; }

    /// <summary>Where to listen: an address of this computer, <c>localhost</c>, or <c>*</c> for all of them.</summary>
    public string LocalAddress { get; init; } = "127.0.0.1";

    /// <summary>Over how many sessions the connections are spread; agents send a megabyte a second in each.</summary>
    public int Sessions { get; init; } = 1;

    /// <summary>Whether sessions are held, and kept from idle time-outs, with nothing connected or nothing said, too.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>Whether every connection says by SOCKS5 where it wants to go from the node.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>Why, for the account's records.</summary>
    public string? Reason { get; init; }

    /// <summary>For how long a lost session is tried to be resumed.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a session is held with nothing connected, unless <see cref="KeepAlive"/>.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
