namespace SsmTools.Sandbox.World;

/// <summary>A route: its target is local, igw-…, nat-…, tgw-… and so on.</summary>
internal sealed record RouteRecord(string Destination, string Target, string Origin = "CreateRoute");
