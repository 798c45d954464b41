using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The endpoints' security groups let the node in.</summary>
internal sealed class EndpointSecurityGroupCheck() : NetworkCheck(CheckId.EndpointSecurityGroup)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        if (scene.Endpoints.Obstacle is { } obstacle)
        {
            return view.DefaultWay == Way.Works ? null : Unknown(obstacle);
        }

        (string Service, VpcEndpoint Endpoint)[] taken = [.. view.EndpointsTaken];
        if (taken.Length == 0)
        {
            return null;
        }

        if (Gap(scene.Groups.Obstacle) is { } gap)
        {
            return gap;
        }

        Instance instance = scene.Instance.Value!;
        List<string> evidence = [$"{scene.NodeId} is {instance.PrivateIpAddress}, in {Names(instance.SecurityGroups.Select(group => group.GroupId))}"];
        foreach ((string service, VpcEndpoint endpoint) in taken)
        {
            string[] groups = [.. endpoint.Groups.Select(group => group.GroupId).OfType<string>()];
            IpPermission[] rules =
            [
                .. groups.Select(id => scene.Groups.Value?.GetValueOrDefault(id)).OfType<SecurityGroup>()
                    .SelectMany(group => group.IpPermissions).Where(PortRules.CoverHttps),
            ];
            evidence.Add($"{endpoint.VpcEndpointId} ({service}) has {Names(groups)}");
            evidence.AddRange(rules.Select(rule => $"lets in {PortRules.Describe(rule, "from")}"));
            if (!Array.Exists(rules, rule => Admits(rule, instance)))
            {
                return Closed(scene, service, endpoint, groups, [.. evidence]);
            }
        }

        return Pass("the endpoints' security groups let the instance in on 443", [.. evidence.Distinct()]);
    }

    private static string Names(IEnumerable<string?> ids) => string.Join(", ", ids) is { Length: > 0 } names ? names : "no group";

    // A prefix list is taken to hold the instance: what is in it would cost a call each.
    private static bool Admits(IpPermission rule, Instance instance) =>
        rule.IpRanges.Exists(range => Cidr.Contains(range.CidrIp, instance.PrivateIpAddress))
        || rule.UserIdGroupPairs.Exists(pair => instance.SecurityGroups.Exists(group => group.GroupId == pair.GroupId))
        || rule.PrefixListIds.Count > 0;

    private Finding Closed(Scene scene, string service, VpcEndpoint endpoint, string[] groups, string[] evidence)
    {
        Instance instance = scene.Instance.Value!;
        return Fail(
            new FindingCause.EndpointGroupClosed(
                endpoint.VpcEndpointId!,
                service,
                groups,
                scene.NodeId,
                instance.PrivateIpAddress ?? string.Empty,
                instance.SubnetId ?? string.Empty,
                scene.Subnet.Value?.CidrBlock ?? $"{instance.PrivateIpAddress}/32"),
            $"the security groups of the endpoint {endpoint.VpcEndpointId} ({service}) do not let {instance.PrivateIpAddress} in on 443",
            evidence) with
        {
            Fix = $"Let the subnet {instance.SubnetId} in on port 443",
            Command = $"Repair-SsmRegistration {scene.NodeId}",
        };
    }
}
