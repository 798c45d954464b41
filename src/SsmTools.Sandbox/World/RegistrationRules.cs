using System.Text;

namespace SsmTools.Sandbox.World;

/// <summary>What must hold before a node registers, as an agent on the instance would come to feel it.</summary>
internal static class RegistrationRules
{
    private const int Https = 443;

    private static readonly string[] s_actions =
    [
        "ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
    ];

    /// <summary>The conditions that do not hold now, each as a sentence; none: the agent gets through and may register.</summary>
    public static IReadOnlyList<string> Evaluate(SandboxWorld world, InstanceRecord instance)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(instance);
        lock (world.Gate)
        {
            return [.. Machine(instance), .. Rights(world, instance), .. Network(world, instance)];
        }
    }

    private static IEnumerable<string> Machine(InstanceRecord instance)
    {
        if (instance.State != InstanceState.Running)
        {
            yield return $"The instance is {instance.State.Name()}, not running.";
        }

        if (!instance.Image.HasAgent && !InstallsAgent(instance.UserData))
        {
            yield return $"The image {instance.Image.Name} has no agent and the user data does not install one.";
        }

        if (!instance.Metadata.Enabled)
        {
            yield return "The instance metadata endpoint is disabled, so the agent gets no credentials.";
        }
    }

    private static IEnumerable<string> Rights(SandboxWorld world, InstanceRecord instance)
    {
        if (instance.Profile is not { } association)
        {
            yield return "No instance profile is attached.";
        }
        else if (!world.Profiles.TryGetValue(association.Name, out InstanceProfileRecord? profile) || profile.Id != association.ProfileId)
        {
            yield return $"The instance profile {association.Name} no longer exists.";
        }
        else if (world.RoleOf(instance) is not { } role)
        {
            yield return $"The instance profile {association.Name} has no role in it.";
        }
        else
        {
            if (!PolicyDocument.Trusts(role.TrustPolicy, "ec2.amazonaws.com"))
            {
                yield return $"The role {role.Name} does not trust ec2.amazonaws.com.";
            }

            string[] missing = [.. s_actions.Where(action => !RoleRights.Allows(world, role, action))];
            if (missing.Length > 0)
            {
                yield return $"The role {role.Name} does not allow {string.Join(", ", missing)}.";
            }
        }
    }

    private static IEnumerable<string> Network(SandboxWorld world, InstanceRecord instance)
    {
        world.EndpointStates.Settle();
        SubnetRecord subnet = instance.Subnet;
        if (!subnet.Vpc.DnsSupport)
        {
            yield return $"DNS support is off in {subnet.Vpc.Id}, so no name resolves.";
            yield break;
        }

        foreach (string service in new[] { "ssm", "ssmmessages" })
        {
            if (Reach(world, instance, service) is string unmet)
            {
                yield return unmet;
            }
        }

        NetworkAclRecord? acl = world.NetworkAcls.Values.FirstOrDefault(one => one.Subnets.ContainsValue(subnet.Id));
        if (acl is not null && !(acl.Allows(egress: true, Https, Https) && acl.Allows(egress: false, 32768, 60999)))
        {
            yield return $"The network ACL {acl.Id} does not let port 443 out and its answers in.";
        }
    }

    /// <summary>Why the service cannot be reached from the instance, or null.</summary>
    private static string? Reach(SandboxWorld world, InstanceRecord instance, string service)
    {
        VpcRecord vpc = instance.Subnet.Vpc;
        string name = $"com.amazonaws.{world.Region}.{service}";
        VpcEndpointRecord? endpoint = world.Endpoints.Values.FirstOrDefault(
            one => one.Vpc == vpc && one.ServiceName == name && one.Kind == "Interface" && one.State == "available" && one.PrivateDns);
        if (endpoint is null || !vpc.DnsHostnames)
        {
            if (!HasPublicPath(world, instance))
            {
                return $"There is no way to {service}: the subnet {instance.Subnet.Id} has neither a NAT gateway nor an internet gateway "
                    + "with a public address, and the VPC no usable interface endpoint with private DNS.";
            }

            return MayLeave(world, instance, null) ? null : $"No security group of the instance lets it out to {service} on port 443.";
        }

        // With private DNS the service's name leads to the endpoint from every subnet of the VPC, NAT or not.
        if (!MayLeave(world, instance, endpoint))
        {
            return $"No security group of the instance lets it out to the endpoint {endpoint.Id} on port 443.";
        }

        bool admitted = endpoint.GroupIds.Select(id => world.SecurityGroups.GetValueOrDefault(id)).OfType<SecurityGroupRecord>()
            .Any(group => group.Rules.Any(rule => !rule.Egress && rule.CoversTcp(Https) && Admits(rule, instance)));
        if (!admitted)
        {
            return $"The security groups of the endpoint {endpoint.Id} ({service}) do not let {instance.PrivateIp} in on port 443.";
        }

        string action = service == "ssm" ? s_actions[0] : s_actions[1];
        return endpoint.Policy is string policy && !PolicyDocument.Allows([policy], action)
            ? $"The policy of the endpoint {endpoint.Id} does not allow {action}."
            : null;
    }

    private static bool HasPublicPath(SandboxWorld world, InstanceRecord instance)
    {
        RouteTableRecord? table = world.RouteTables.Values.FirstOrDefault(one => one.Subnets.ContainsValue(instance.Subnet.Id))
            ?? world.RouteTables.Values.FirstOrDefault(one => one.Vpc == instance.Subnet.Vpc && one.MainAssociationId is not null);
        string? target = table?.Routes.FirstOrDefault(route => route.Destination == "0.0.0.0/0")?.Target;
        return target switch
        {
            null => false,
            _ when world.InternetGateways.TryGetValue(target, out GatewayRecord? internet) =>
                internet.Vpc == instance.Subnet.Vpc && instance.PublicIp is not null,
            _ when world.NatGateways.TryGetValue(target, out GatewayRecord? nat) => nat.State == "available",
            _ => false,
        };
    }

    private static bool MayLeave(SandboxWorld world, InstanceRecord instance, VpcEndpointRecord? endpoint)
    {
        return instance.NetworkInterface.GroupIds.Select(id => world.SecurityGroups.GetValueOrDefault(id)).OfType<SecurityGroupRecord>()
            .SelectMany(group => group.Rules)
            .Any(rule => rule.Egress && rule.CoversTcp(Https) && Leads(rule));

        bool Leads(SecurityRule rule)
        {
            if (rule.GroupId is string group)
            {
                return endpoint is not null && endpoint.GroupIds.Contains(group);
            }

            return rule.Cidr == "0.0.0.0/0" || (rule.Cidr is string cidr && endpoint is not null && endpoint.InterfaceIds
                .Any(id => world.Interfaces.TryGetValue(id, out NetworkInterfaceRecord? card) && Addresses.Contains(cidr, card.PrivateIp)));
        }
    }

    private static bool Admits(SecurityRule rule, InstanceRecord instance)
    {
        return (rule.Cidr is string cidr && Addresses.Contains(cidr, instance.PrivateIp))
            || (rule.GroupId is string group && instance.NetworkInterface.GroupIds.Contains(group));
    }

    private static bool InstallsAgent(string? userData)
    {
        byte[] text = new byte[userData?.Length ?? 0];
        return userData is not null
            && Convert.TryFromBase64String(userData, text, out int length)
            && Encoding.UTF8.GetString(text, 0, length).Contains("amazon-ssm-agent", StringComparison.OrdinalIgnoreCase);
    }
}
