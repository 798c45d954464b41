namespace SsmTools.Engine.Provisioning;

/// <summary>A service as a region offers it.</summary>
/// <param name="Name">The short name, for example <c>ssm</c>.</param>
/// <param name="FullName">For example <c>com.amazonaws.eu-west-1.ssm</c>.</param>
/// <param name="Zones">The zones that an interface endpoint for it can stand in.</param>
internal sealed record EndpointService(string Name, string FullName, IReadOnlyList<string> Zones)
{
    /// <summary>Whether it is reached through a route instead of an interface.</summary>
    public bool IsGateway => EndpointCatalog.IsGateway(Name);
}
