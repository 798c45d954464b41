using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>How a node would get to Systems Manager: what the network checks have in common.</summary>
internal sealed class NetworkView
{
    private readonly Scene _scene;

    /// <summary>Looks at a scene.</summary>
    public NetworkView(Scene scene)
    {
        _scene = scene;
        Route = scene.RouteTable.Value?.Routes.Find(route => route.DestinationCidrBlock == Cidr.Everywhere);
        Target = Route is null ? null
            : Route.NatGatewayId ?? Route.TransitGatewayId ?? Route.NetworkInterfaceId ?? Route.InstanceId
                ?? Route.VpcPeeringConnectionId ?? Route.CarrierGatewayId ?? Route.LocalGatewayId ?? Route.CoreNetworkArn ?? Route.GatewayId;
        DefaultWay = scene.RouteTable.IsKnown ? WayOf(scene) : Way.Unknown;
    }

    /// <summary>The services without which no node registers.</summary>
    public static IReadOnlyList<string> Services { get; } = ["ssm", "ssmmessages"];

    /// <summary>The default route; null where there is none.</summary>
    public Route? Route { get; }

    /// <summary>What it leads to.</summary>
    public string? Target { get; }

    /// <summary>Whether it leads out.</summary>
    public Way DefaultWay { get; }

    /// <summary>Whether the node depends on endpoints.</summary>
    public bool ReliesOnEndpoints => DefaultWay is Way.None or Way.Nowhere;

    /// <summary>The best of the VPC's interface endpoints for a service; null for none.</summary>
    public VpcEndpoint? EndpointOf(string service) => (_scene.Endpoints.Value ?? [])
        .Where(endpoint => endpoint.VpcEndpointType == VpcEndpointType.Interface && Serves(endpoint, service) && !IsGone(endpoint))
        .OrderBy(endpoint => IsAvailable(endpoint) ? 0 : 1).ThenBy(endpoint => endpoint.PrivateDnsEnabled == true ? 0 : 1)
        .FirstOrDefault();

    /// <summary>
    /// The endpoint that the traffic for a service goes to: where private names work the endpoint takes it, way out or
    /// not; where there is no way out, only an endpoint can. Null where it goes elsewhere, or nowhere.
    /// </summary>
    public VpcEndpoint? EndpointTaken(string service) =>
        EndpointOf(service) is { } endpoint && IsAvailable(endpoint)
        && (ReliesOnEndpoints || (endpoint.PrivateDnsEnabled == true && _scene.DnsHostnames is not { IsKnown: true, Value: false }))
            ? endpoint
            : null;

    /// <summary>The endpoints taken, each with its service.</summary>
    public IEnumerable<(string Service, VpcEndpoint Endpoint)> EndpointsTaken =>
        Services.Select(service => (service, EndpointTaken(service)!)).Where(pair => pair.Item2 is not null);

    /// <summary>Whether it answers.</summary>
    public static bool IsAvailable(VpcEndpoint endpoint) => "available".Equals(endpoint.State, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is an endpoint of a service: <c>com.amazonaws.eu-central-1.ssm</c>, in China with <c>cn.</c> before.</summary>
    public bool Serves(VpcEndpoint endpoint, string service) =>
        endpoint.ServiceName?.EndsWith($".{_scene.Region}.{service}", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Where the interfaces of an endpoint stand; null where that is not known.</summary>
    public IReadOnlyList<InterfacePlace>? PlacesOf(VpcEndpoint endpoint) => _scene.Interfaces.Value is { } known
        ? [.. endpoint.NetworkInterfaceIds.Select(id => known.GetValueOrDefault(id)).OfType<InterfacePlace>()]
        : null;

    /// <summary>What the default route is, for people: <c>0.0.0.0/0 to nat-1 (active)</c>.</summary>
    public string Describe() => Route is null ? "no route 0.0.0.0/0" : $"0.0.0.0/0 to {Target ?? "nothing"} ({Route.State ?? "active"})";

    private static bool IsGone(VpcEndpoint endpoint) =>
        endpoint.State is { } state && (state.Equals("deleted", StringComparison.OrdinalIgnoreCase) || state.Equals("deleting", StringComparison.OrdinalIgnoreCase));

    private Way WayOf(Scene scene)
    {
        if (Route is null)
        {
            return Way.None;
        }

        return Target is null || Route.State == RouteState.Blackhole
            || (Target.StartsWith("igw-", StringComparison.Ordinal) && scene.Instance.Value?.PublicIpAddress is null)
            || (Target.StartsWith("nat-", StringComparison.Ordinal) && scene.NatGateways.Value is { } gateways
                && gateways.GetValueOrDefault(Target) != NatGatewayState.Available)
                ? Way.Nowhere
                : Way.Works;
    }
}
