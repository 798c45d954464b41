namespace SsmTools.Engine.Tunnels;

/// <summary>What became of one of several tunnels: one of the two is there.</summary>
/// <param name="Forward">From where to where.</param>
/// <param name="Tunnel">The tunnel.</param>
/// <param name="Error">Why there is none.</param>
public sealed record TunnelResult(Forward Forward, Tunnel? Tunnel, EngineException? Error);
