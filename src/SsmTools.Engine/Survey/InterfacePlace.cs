namespace SsmTools.Engine.Survey;

/// <summary>Where a network interface stands.</summary>
/// <param name="Address">Its private IPv4 address; empty where it has none.</param>
/// <param name="SubnetId">Its subnet.</param>
internal sealed record InterfacePlace(string Address, string SubnetId);
