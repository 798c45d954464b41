namespace SsmTools.Engine.Tunnels;

/// <summary>What runs inside a port session (session-manager-plugin, sessionmanagerplugin/session/portsession).</summary>
internal enum PortMode
{
    /// <summary>One connection's bytes; what older agents do, and what the document for ssh asks of all.</summary>
    Basic,

    /// <summary>Any number of connections.</summary>
    Multiplexed,
}
