namespace SsmTools.Engine.Registration;

/// <summary>What Systems Manager knows of a node, and why it does not know more.</summary>
public sealed record NodeRegistration
{
    /// <summary>The node's id: <c>i-…</c> or <c>mi-…</c>.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The instance's Name tag, or the name a hybrid node was activated with; null where there is none.</summary>
    public string? Name { get; init; }

    /// <summary>What EC2 says of the instance: running, stopped…; null for hybrid nodes, or where EC2 was not asked.</summary>
    public string? State { get; init; }

    /// <summary>Whether the node is registered and its agent answers, so that a session can start.</summary>
    public bool Registered { get; init; }

    /// <summary>The service's word for the agent: Online, ConnectionLost or Inactive; null where it never registered.</summary>
    public string? PingStatus { get; init; }

    /// <summary>The agent's version.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>Linux, Windows or MacOS.</summary>
    public string? PlatformType { get; init; }

    /// <summary>For example <c>Amazon Linux</c>.</summary>
    public string? PlatformName { get; init; }

    /// <summary>For example <c>2023</c>.</summary>
    public string? PlatformVersion { get; init; }

    /// <summary>The address that the agent reported.</summary>
    public string? IpAddress { get; init; }

    /// <summary>When the agent was last heard of, UTC.</summary>
    public DateTime? LastPing { get; init; }

    /// <summary>Why the node is not registered, as far as it can be seen; null when it is.</summary>
    public string? Reason { get; init; }
}
