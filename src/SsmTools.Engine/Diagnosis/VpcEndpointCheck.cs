using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>A node without a way out has endpoints to go to.</summary>
internal sealed class VpcEndpointCheck() : NetworkCheck(CheckId.VpcEndpoint)
{
    // Older agents take commands through a service of their own.
    private static readonly Version s_withoutMessages = new(3, 3, 40, 0);

    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        if (Gap(scene.Endpoints.Obstacle) is { } gap)
        {
            return view.DefaultWay == Way.Works ? Pass($"none is needed: {view.Describe()}") : gap;
        }

        Instance instance = scene.Instance.Value!;
        string[] evidence =
        [
            instance.VpcId!,
            view.Describe(),
            .. NetworkView.Services.Select(service => view.EndpointOf(service) is { } one
                ? $"{service}: {one.VpcEndpointId} is {one.State}"
                : $"{service}: no endpoint"),
        ];
        if (!view.ReliesOnEndpoints)
        {
            return view.DefaultWay == Way.Unknown && NetworkView.Services.Any(service => view.EndpointOf(service) is null)
                ? Unknown(scene.RouteTable.Obstacle!, evidence)
                : Pass("the node does not depend on endpoints", evidence);
        }

        string[] missing = [.. NetworkView.Services.Where(service => view.EndpointOf(service) is null)];
        if (missing.Length == NetworkView.Services.Count)
        {
            // Neither route nor endpoint: that is one fault, and Route names it.
            return null;
        }

        if (missing.Length > 0)
        {
            return Missing(scene, missing, evidence);
        }

        foreach (string service in NetworkView.Services)
        {
            if (view.EndpointOf(service) is { } endpoint && !NetworkView.IsAvailable(endpoint))
            {
                return Fail(
                    new FindingCause.EndpointNotAvailable(instance.VpcId!, endpoint.VpcEndpointId!, service, endpoint.State ?? "unknown"),
                    $"the endpoint {endpoint.VpcEndpointId} for {service} is {endpoint.State}, not available",
                    evidence) with
                {
                    Fix = endpoint.State?.StartsWith("pending", StringComparison.OrdinalIgnoreCase) == true
                        ? "Wait until it is available"
                        : "Remove it and make another one",
                    Command = $"aws ec2 describe-vpc-endpoints --region {scene.Region} --vpc-endpoint-ids {endpoint.VpcEndpointId}",
                };
            }
        }

        return Elsewhere(scene, view, evidence) ?? OldAgent(scene, view, evidence) ?? Pass("there are endpoints for ssm and ssmmessages", evidence);
    }

    private Finding Missing(Scene scene, string[] missing, string[] evidence)
    {
        Instance instance = scene.Instance.Value!;
        return Fail(
            new FindingCause.EndpointMissing(instance.VpcId!, instance.SubnetId!, missing),
            $"{instance.SubnetId} has no way out, and {instance.VpcId} no endpoint for {string.Join(" and ", missing)}",
            evidence) with
        {
            Fix = $"Make the missing endpoint{(missing.Length == 1 ? "" : "s")}, or give the subnet a route through a NAT gateway",
            Command = $"New-SsmVpcEndpoint -SubnetId {instance.SubnetId}",
        };
    }

    private Finding? OldAgent(Scene scene, NetworkView view, string[] evidence) =>
        Version.TryParse(scene.Information.Value?.AgentVersion, out Version? version) && version < s_withoutMessages
        && view.EndpointOf("ec2messages") is null
            ? Warn(
                new FindingCause.EndpointMissing(scene.Instance.Value!.VpcId!, scene.Instance.Value.SubnetId!, ["ec2messages"]),
                $"agent {version} takes commands through ec2messages, for which there is no endpoint",
                [.. evidence, $"AgentVersion={version}"]) with
            {
                Fix = "Update the agent, or make an endpoint for ec2messages",
            }
            : null;

    private Finding? Elsewhere(Scene scene, NetworkView view, string[] evidence)
    {
        string? subnet = scene.Instance.Value!.SubnetId;
        string? zone = scene.Instance.Value.Placement?.AvailabilityZone;
        VpcEndpoint? far = NetworkView.Services.Select(view.EndpointOf).OfType<VpcEndpoint>()
            .FirstOrDefault(endpoint => endpoint.SubnetIds.Count > 0 && zone is not null && endpoint.SubnetIds.TrueForAll(
                id => id != subnet && scene.EndpointZones.Value?.GetValueOrDefault(id) is { } other && other != zone));
        return far is null ? null : Warn(
            null,
            $"the endpoint {far.VpcEndpointId} has no interface in {zone}: that works, and costs for each byte between zones",
            [.. evidence, $"{scene.NodeId} is in {zone}"]) with
        {
            Fix = $"Give the endpoint a subnet in {zone}",
        };
    }
}
