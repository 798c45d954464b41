namespace SsmTools.Sandbox.Wire;

/// <summary>An operation of a service model.</summary>
internal sealed record OperationModel(string Name, Shape? Input, Shape? Output, string? ResultWrapper);
