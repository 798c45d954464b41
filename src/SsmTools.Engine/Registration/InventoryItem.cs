namespace SsmTools.Engine.Registration;

/// <summary>One thing that a listing comes upon: a node, or something that was asked for and is not there.</summary>
/// <param name="Node">The node; null for a problem.</param>
/// <param name="Problem">Says what is not there; its target is what was asked for.</param>
public readonly record struct InventoryItem(InventoryNode? Node, EngineException? Problem);
