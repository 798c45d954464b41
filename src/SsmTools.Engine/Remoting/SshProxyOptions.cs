namespace SsmTools.Engine.Remoting;

/// <summary>Which ssh server's bytes are wanted.</summary>
public sealed record SshProxyOptions
{
    /// <summary>The node.</summary>
    public required string Target { get; init; }

    /// <summary>The port that its ssh server listens on.</summary>
    public int Port { get; init; } = 22;

    /// <summary>Why, for the account's records.</summary>
    public string? Reason { get; init; }

    /// <summary>For how long a lost link is tried to be resumed.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A key that the node's ssh server is to take for a minute; null for none.</summary>
    public InstanceConnectKey? Key { get; init; }
}
