namespace SsmTools.Engine.Tunnels;

/// <summary>The far half of a connection.</summary>
/// <param name="Stream">Its bytes.</param>
/// <param name="Destination">Where the node connects to, in words.</param>
internal sealed record TunnelLeg(IPortStream Stream, string Destination);
