namespace SsmTools.Sandbox.Faults;

/// <summary>A fault that is on.</summary>
/// <param name="Text">As it was asked for.</param>
/// <param name="Name">Its name.</param>
/// <param name="Hits">How often it acted.</param>
/// <param name="Seed">What its chance begins with.</param>
public sealed record FaultStatus(string Text, string Name, long Hits, int Seed);
