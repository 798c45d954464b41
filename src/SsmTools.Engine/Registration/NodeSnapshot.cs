using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Survey;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;
using InstanceInformation = SsmTools.Engine.Aws.Ssm.InstanceInformation;
using PingStatuses = SsmTools.Engine.Aws.Ssm.PingStatus;

namespace SsmTools.Engine.Registration;

/// <summary>One node at one moment: what users see, and whether there is any point in looking again.</summary>
/// <param name="Node">What users see.</param>
/// <param name="Outlook">What may become of it.</param>
internal readonly record struct NodeSnapshot(NodeRegistration Node, NodeOutlook Outlook)
{
    /// <summary>What Systems Manager said; null for nothing.</summary>
    public InstanceInformation? Information { get; init; }

    /// <summary>What EC2 said; null for nothing.</summary>
    public Instance? Instance { get; init; }

    /// <summary>Why Systems Manager could not be asked; null where it was.</summary>
    public Obstacle? InformationObstacle { get; init; }

    /// <summary>Whether EC2 could not be asked.</summary>
    public bool IsEc2Denied { get; init; }

    /// <summary>Puts together what the two services know.</summary>
    public static NodeSnapshot Of(
        string id,
        InstanceInformation? information,
        Instance? instance,
        bool ec2Denied,
        string region,
        DateTimeOffset now)
    {
        string? name = instance is null ? null : InstanceReader.TagOf(instance, "Name");
        if (information is null)
        {
            string reason = RegistrationReason.Missing(id, instance, ec2Denied, region, now);
            return new NodeSnapshot(
                new NodeRegistration
                {
                    InstanceId = id,
                    Name = name,
                    State = instance?.State?.Name,
                    PlatformType = PlatformOf(instance),
                    Reason = reason,
                },
                MissingOutlook(id, instance, ec2Denied));
        }

        // A node stays listed for a while after its instance is gone.
        bool online = information.PingStatus == PingStatuses.Online && (instance is null || !InstanceReader.IsGone(instance));
        NodeRegistration node = new()
        {
            InstanceId = id,
            Name = name ?? (string.IsNullOrEmpty(information.Name) ? null : information.Name),
            State = instance?.State?.Name,
            Registered = online,
            PingStatus = information.PingStatus,
            AgentVersion = information.AgentVersion,
            PlatformType = information.PlatformType ?? PlatformOf(instance),
            PlatformName = information.PlatformName,
            PlatformVersion = information.PlatformVersion,
            IpAddress = information.IPAddress,
            LastPing = information.LastPingDateTime,
            Reason = online ? null : RegistrationReason.Silent(information, instance, now),
        };
        return new NodeSnapshot(
            node,
            online ? NodeOutlook.Registered
                : instance is not null && InstanceReader.IsGone(instance) ? NodeOutlook.Hopeless
                : NodeOutlook.Pending);
    }

    // EC2 says windows or nothing.
    private static string? PlatformOf(Instance? instance) =>
        string.Equals(instance?.Platform, "windows", StringComparison.OrdinalIgnoreCase) ? "Windows" : null;

    private static NodeOutlook MissingOutlook(string id, Instance? instance, bool ec2Denied) =>
        instance is not null ? InstanceReader.IsGone(instance) ? NodeOutlook.Hopeless : NodeOutlook.Pending
        : !NodeIds.IsNode(id) ? NodeOutlook.Hopeless
        : ec2Denied || NodeIds.IsHybrid(id) ? NodeOutlook.Pending
        : NodeOutlook.Unknown;
}
