namespace SsmTools.Sandbox.Faults;

/// <summary>A fault that can be named.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Area">What it acts on.</param>
/// <param name="Value">What may stand behind the equals sign, besides a rate; null for nothing.</param>
internal sealed record FaultSpec(string Name, FaultKind Kind, FaultArea Area, string? Value = null);
