using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Looking at instances.</summary>
internal static class InstanceListing
{
    public static JsonObject Describe(ApiCall call)
    {
        (IReadOnlyList<InstanceRecord> page, string? next) = Ec2Listing.Select(
            call, "DescribeInstances", Ec2Kind.Instance, "InstanceIds", call.World.Instances, Field);
        return new JsonObject
        {
            ["Reservations"] = page.GroupBy(instance => instance.ReservationId)
                .ToJson(group => InstanceShapes.Reservation(call.World, group.Key, group)),
            ["NextToken"] = next,
        };
    }

    public static JsonObject DescribeStatus(ApiCall call)
    {
        bool all = call.Input.Flag("IncludeAllInstances") == true;
        Dictionary<string, InstanceRecord> candidates = call.Input.Texts("InstanceIds").Count > 0
            ? call.World.Instances
            : call.World.Instances.Where(pair => all || pair.Value.State == InstanceState.Running).ToDictionary();
        (IReadOnlyList<InstanceRecord> page, string? next) = Ec2Listing.Select(
            call, "DescribeInstanceStatus", Ec2Kind.Instance, "InstanceIds", candidates, StatusField);
        return new JsonObject
        {
            ["InstanceStatuses"] = page.Where(instance => all || instance.State == InstanceState.Running).ToJson(Status),
            ["NextToken"] = next,
        };
    }

    public static JsonObject GetConsoleOutput(ApiCall call)
    {
        InstanceRecord instance = Ec2Kind.Instance.Find(call.World.Instances, call.Required("InstanceId"));
        string text = instance.State == InstanceState.Pending ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"[    0.000000] {instance.Image.PlatformName} {instance.Image.PlatformVersion} ({instance.Image.Architecture})\r\n"
                + $"[    0.412077] {instance.Type.Name}: {instance.Type.Cpus} CPUs, {instance.Type.MemoryMiB} MiB\r\n"
                + $"{Metadata(instance)}"
                + $"{Complaint(instance)}{Nap(call.World, instance)}"
                + $"amazon-ssm-agent: {Agent(call.World, instance)}\r\n");
        return new JsonObject
        {
            ["InstanceId"] = instance.Id,
            ["Timestamp"] = call.World.Now,
            ["Output"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)),
        };
    }

    public static string?[]? Field(InstanceRecord instance, string name)
    {
        bool there = instance.State != InstanceState.Terminated;
        return name switch
        {
            "instance-id" => [instance.Id],
            "instance-state-name" => [instance.State.Name()],
            "instance-state-code" => [((int)instance.State).ToString(CultureInfo.InvariantCulture)],
            "instance-type" => [instance.Type.Name],
            "image-id" => [instance.Image.ImageId],
            "architecture" => [instance.Image.Architecture],
            "platform" => [instance.Image.Windows ? "windows" : null],
            "platform-details" => [instance.Image.Windows ? "Windows" : "Linux/UNIX"],
            "vpc-id" => [there ? instance.Subnet.Vpc.Id : null],
            "subnet-id" => [there ? instance.Subnet.Id : null],
            "availability-zone" => [instance.Subnet.Zone],
            "private-ip-address" => [there ? instance.PrivateIp : null],
            "private-dns-name" or "ip-address" or "dns-name" when !there => [],
            "private-dns-name" => [Addresses.PrivateDnsName(instance.PrivateIp, instance.Subnet.Zone[..^1])],
            "ip-address" => [instance.PublicIp],
            "dns-name" => [InstanceShapes.PublicName(instance.PublicIp, instance.Subnet.Zone[..^1])],
            "iam-instance-profile.arn" => [instance.Profile?.Arn],
            "iam-instance-profile.id" => [instance.Profile?.ProfileId],
            "iam-instance-profile.name" => [instance.Profile?.Name],
            "instance.group-id" or "group-id" or "network-interface.group-id" => there ? [.. instance.NetworkInterface.GroupIds] : [],
            "network-interface.network-interface-id" => [there ? instance.NetworkInterface.Id : null],
            "network-interface.subnet-id" => [there ? instance.Subnet.Id : null],
            "network-interface.vpc-id" => [there ? instance.Subnet.Vpc.Id : null],
            "block-device-mapping.volume-id" => [there ? instance.RootVolume.Id : null],
            "metadata-options.http-tokens" => [instance.Metadata.TokenRequired ? "required" : "optional"],
            "metadata-options.http-endpoint" => [instance.Metadata.Enabled ? "enabled" : "disabled"],
            "metadata-options.http-put-response-hop-limit" => [instance.Metadata.HopLimit.ToString(CultureInfo.InvariantCulture)],
            "key-name" => [instance.KeyPair?.Name],
            "client-token" => [instance.ClientToken],
            "reservation-id" => [instance.ReservationId],
            "launch-time" => [Timestamps.ToIso(instance.LaunchTime, milliseconds: true)],
            "launch-index" => [instance.LaunchIndex.ToString(CultureInfo.InvariantCulture)],
            "root-device-type" => ["ebs"],
            "root-device-name" => [instance.Image.RootDevice],
            "hypervisor" => ["xen"],
            "virtualization-type" => ["hvm"],
            "tenancy" => ["default"],
            _ => null,
        };
    }

    private static string?[]? StatusField(InstanceRecord instance, string name) => name switch
    {
        "availability-zone" => [instance.Subnet.Zone],
        "instance-state-name" or "instance-state-code" => Field(instance, name),
        "instance-status.status" or "system-status.status" => [Health(instance)],
        "instance-status.reachability" or "system-status.reachability" => [Reachability(instance)],
        _ => null,
    };

    private static string Health(InstanceRecord instance) =>
        instance.State != InstanceState.Running ? "not-applicable"
        : instance.Ailment == InstanceAilment.Impaired ? "impaired"
        : "ok";

    private static string Reachability(InstanceRecord instance) =>
        instance.Ailment == InstanceAilment.Impaired ? "failed" : "passed";

    private static JsonObject Status(InstanceRecord instance)
    {
        return new JsonObject
        {
            ["InstanceId"] = instance.Id,
            ["AvailabilityZone"] = instance.Subnet.Zone,
            ["InstanceState"] = InstanceShapes.State(instance.State),
            ["InstanceStatus"] = Summary(),
            ["SystemStatus"] = Summary(),
        };

        JsonObject Summary() => new()
        {
            ["Status"] = Health(instance),
            ["Details"] = instance.State == InstanceState.Running
                ? new JsonArray(new JsonObject { ["Name"] = "reachability", ["Status"] = Reachability(instance) })
                : null,
        };
    }

    /// <summary>Where the metadata are, for agents from outside: there is no 169.254.169.254 here.</summary>
    private static string Metadata(InstanceRecord instance) =>
        instance.MetadataEndpoint is string endpoint ? $"[    0.733108] instance metadata: {endpoint}\r\n" : "";

    /// <summary>What a machine says of its ailment, in the words of the programs that notice.</summary>
    private static string Complaint(InstanceRecord instance) => instance.Ailment switch
    {
        InstanceAilment.ClockOff => "[   41.220871] amazon-ssm-agent[812]: ERROR error occurred when RequestManagedInstanceRoleToken: "
            + "InvalidSignatureException: Signature expired: 20261122T080000Z is now earlier than 20261122T085500Z\r\n",
        InstanceAilment.DiskFull => "[   38.004512] amazon-ssm-agent[812]: write /var/lib/amazon/ssm/ipc/health: no space left on device\r\n",
        InstanceAilment.AgentStopped => "[   40.117203] systemd[1]: Stopped amazon-ssm-agent.service - amazon-ssm-agent.\r\n",
        _ => "",
    };

    private static string Nap(SandboxWorld world, InstanceRecord instance) => instance.AgentSleepsUntil is { } until && until > world.Now
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"[   43.660218] amazon-ssm-agent[812]: INFO [CredentialRefresher] Sleeping for {(until - world.Now).TotalSeconds:0}s before retrying retrieve credentials\r\n")
        : "";

    private static string Agent(SandboxWorld world, InstanceRecord instance)
    {
        return instance.Node is not null ? "registered" : string.Join(' ', RegistrationRules.Evaluate(world, instance));
    }
}
