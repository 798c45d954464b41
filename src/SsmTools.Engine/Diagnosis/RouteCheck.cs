namespace SsmTools.Engine.Diagnosis;

/// <summary>The subnet has a default route that leads out, or its VPC endpoints that take its place.</summary>
internal sealed class RouteCheck() : NetworkCheck(CheckId.Route)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        string subnet = scene.Instance.Value!.SubnetId ?? "the subnet";
        string? table = scene.RouteTable.Value?.RouteTableId;
        string[] evidence = [subnet, table ?? "no route table", view.Describe()];
        if (scene.Endpoints.Obstacle is { } hidden && view.ReliesOnEndpoints)
        {
            return Unknown(hidden, evidence);
        }

        bool hasEndpoints = NetworkView.Services.Any(service => view.EndpointOf(service) is not null);
        return view.DefaultWay switch
        {
            Way.Unknown => NetworkView.Services.All(service => view.EndpointTaken(service) is not null)
                ? Pass("the VPC's endpoints take the place of a route")
                : Unknown(scene.RouteTable.Obstacle!),
            Way.Works => Pass($"{subnet} leads out through {view.Target}", evidence),
            _ when hasEndpoints => Pass($"{subnet} has no way out, but endpoints in its VPC", evidence),
            _ => Nowhere(scene, view, evidence),
        };
    }

    private Finding Nowhere(Scene scene, NetworkView view, string[] evidence)
    {
        string subnet = scene.Instance.Value!.SubnetId!;
        bool isInternet = view.Target?.StartsWith("igw-", StringComparison.Ordinal) == true;
        return Fail(
            new FindingCause.RouteLeadsNowhere(
                scene.NodeId, scene.Instance.Value.VpcId!, subnet, scene.RouteTable.Value?.RouteTableId, view.Target),
            view.Route is null
                ? $"{subnet} has no way out, and its VPC no endpoints for Systems Manager"
            : isInternet && scene.Instance.Value.PublicIpAddress is null
                ? $"{subnet} leads out through the internet gateway {view.Target}, but the instance has no public address"
                : $"the default route of {subnet} leads to {view.Target ?? "nothing"}, which is gone or does not work",
            [.. evidence, $"PublicIpAddress={scene.Instance.Value.PublicIpAddress ?? "none"}"]) with
        {
            Fix = "Make endpoints for ssm and ssmmessages in the VPC, or lead the route through a NAT gateway that works",
            Command = $"New-SsmVpcEndpoint -SubnetId {subnet}",
        };
    }
}
