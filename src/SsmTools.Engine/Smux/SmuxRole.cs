namespace SsmTools.Engine.Smux;

/// <summary>Which end of a multiplexed connection this is: it decides the parity of the stream ids.</summary>
internal enum SmuxRole
{
    /// <summary>Opens streams 3, 5, 7, …; in a port session the user's side (session-manager-plugin, muxportforwarding.go).</summary>
    Client,

    /// <summary>Opens streams 2, 4, 6, …; in a port session the agent, which opens none.</summary>
    Server,
}
