using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>A node as EC2 and Systems Manager know it together.</summary>
public sealed record InventoryNode
{
    /// <summary>Its id: <c>i-…</c> or <c>mi-…</c>.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The value of its Name tag, or the name that a hybrid node was activated with.</summary>
    public string? Name { get; init; }

    /// <summary>What EC2 says of it; null for hybrid nodes, or where EC2 may not be asked.</summary>
    public InstanceDescription? Instance { get; init; }

    /// <summary>Whether Systems Manager knows it; null where that may not be asked.</summary>
    public bool? Managed { get; init; }

    /// <summary>Online, ConnectionLost or Inactive; null where Systems Manager does not know it.</summary>
    public string? PingStatus { get; init; }

    /// <summary>When the agent was last heard of, UTC.</summary>
    public DateTime? LastPing { get; init; }

    /// <summary>The agent's version.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>Whether there is a newer agent; null where nobody says.</summary>
    public bool? AgentOutdated { get; init; }

    /// <summary>Linux, Windows or MacOS.</summary>
    public string? PlatformType { get; init; }

    /// <summary>For example <c>Amazon Linux</c>, as the agent says.</summary>
    public string? PlatformName { get; init; }

    /// <summary>For example <c>2023</c>, as the agent says.</summary>
    public string? PlatformVersion { get; init; }

    /// <summary>Its address: the private one of an instance, the one that the agent of a hybrid node reported.</summary>
    public string? IpAddress { get; init; }

    /// <summary>
    /// Private or Public, which is whether its subnet has a route to an internet gateway; Unknown where route tables may
    /// not be read; null for what is in no subnet.
    /// </summary>
    public string? SubnetType { get; init; }
}
