namespace SsmTools.Engine.Commands;

/// <summary>How far a command is.</summary>
/// <param name="Done">Nodes that are done well.</param>
/// <param name="Failed">Nodes that are done, but not well, or that it did not reach.</param>
/// <param name="Running">Nodes that have it.</param>
/// <param name="Total">All nodes.</param>
public sealed record CommandProgress(int Done, int Failed, int Running, int Total);
