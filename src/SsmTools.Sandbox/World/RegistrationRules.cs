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

    /// <summary>Whether an instance's network leads to a service that its sessions or commands log to: <c>s3</c>, <c>logs</c>.</summary>
    public static bool Reaches(SandboxWorld world, InstanceRecord instance, string service)
    {
        lock (world.Gate)
        {
            world.EndpointStates.Settle();
            return instance.Subnet.Vpc.DnsSupport
                && (HasGateway(world, instance, service) || Reach(world, instance, service) is null);
        }
    }

    private static bool HasGateway(SandboxWorld world, InstanceRecord instance, string service) =>
        TableOf(world, instance) is { } table && world.Endpoints.Values.Any(
            one => one.Vpc == instance.Subnet.Vpc && one.Kind == "Gateway" && one.State == "available"
                && one.ServiceName == $"com.amazonaws.{world.Region}.{service}" && one.RouteTableIds.Contains(table.Id));

    private static RouteTableRecord? TableOf(SandboxWorld world, InstanceRecord instance) =>
        world.RouteTables.Values.FirstOrDefault(one => one.Subnets.ContainsValue(instance.Subnet.Id))
            ?? world.RouteTables.Values.FirstOrDefault(one => one.Vpc == instance.Subnet.Vpc && one.MainAssociationId is not null);

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

        if (Ailing(instance.Ailment) is string ailing)
        {
            yield return ailing;
        }
    }

    private static string? Ailing(InstanceAilment ailment) => ailment switch
    {
        InstanceAilment.Impaired => "The instance does not pass its reachability check.",
        InstanceAilment.ClockOff => "The instance's clock is an hour slow.",
        InstanceAilment.DiskFull => "The instance's root volume is full.",
        InstanceAilment.AgentStopped => "The agent was stopped.",
        _ => null,
    };

    private static IEnumerable<string> Rights(SandboxWorld world, InstanceRecord instance)
    {
        if (world.Settings.HostManagementRoleOf(instance) is { } given && world.AgentRoleOf(instance) == given)
        {
            string[] lacking = [.. s_actions.Where(action => !RoleRights.Allows(world, given, action))];
            if (lacking.Length > 0)
            {
                yield return $"The role {given.Name} of Default Host Management does not allow {string.Join(", ", lacking)}.";
            }
        }
        else if (instance.Profile is not { } association)
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

            return !MayLeave(world, instance, null) ? $"No security group of the instance lets it out to {service} on port 443."
                : SubnetTraffic.PassesOut(world, instance.Subnet) ? null
                : $"The network ACL of {instance.Subnet.Id} does not let port 443 out to {service} and its answers in.";
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

        if (!endpoint.InterfaceIds.Exists(id => world.Interfaces.TryGetValue(id, out NetworkInterfaceRecord? card)
            && SubnetTraffic.Passes(world, instance.NetworkInterface, card)))
        {
            return $"The network ACLs between {instance.Id} and the endpoint {endpoint.Id} ({service}) do not let port 443 and its answers through.";
        }

        string action = service switch { "ssm" => s_actions[0], "ssmmessages" => s_actions[1], "s3" => "s3:PutObject", _ => "logs:PutLogEvents" };
        return endpoint.Policy is string policy && !PolicyDocument.Allows([policy], action)
            ? $"The policy of the endpoint {endpoint.Id} does not allow {action}."
            : null;
    }

    private static bool HasPublicPath(SandboxWorld world, InstanceRecord instance)
    {
        RouteTableRecord? table = TableOf(world, instance);
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
