using System.Management.Automation;

namespace SsmTools.Output;

/// <summary>A tunnel to an instance's desktop, and what to sign in with.</summary>
public sealed class SsmRdpConnection
{
    /// <summary>The instance's or node's id.</summary>
    public string InstanceId { get; internal init; } = "";

    /// <summary>The instance's name; null where it has none.</summary>
    public string? Name { get; internal init; }

    /// <summary>Where a Remote Desktop client connects to, address and port.</summary>
    public string LocalEndpoint => Tunnel.LocalEndpoint;

    /// <summary>The user to sign in as.</summary>
    public string UserName { get; internal init; } = "";

    /// <summary>The user and his password, where that was fetched; else null.</summary>
    public PSCredential? Credential { get; internal init; }

    /// <summary>The client that was started; null for none.</summary>
    public string? Client { get; internal init; }

    /// <summary>The tunnel; removing it ends the connection.</summary>
    public SsmTunnel Tunnel { get; internal init; } = null!;

    /// <inheritdoc/>
    public override string ToString() => $"{UserName}@{LocalEndpoint}";
}
