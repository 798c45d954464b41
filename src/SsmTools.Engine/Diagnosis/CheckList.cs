namespace SsmTools.Engine.Diagnosis;

/// <summary>All checks, in the order of the chain.</summary>
internal static class CheckList
{
    /// <summary>Those that need no console.</summary>
    public static IReadOnlyList<Check> First { get; } =
    [
        new InstanceStateCheck(),
        new StatusChecksCheck(),
        new AgentCheck(),
        new InstanceProfileCheck(),
        new RoleTrustCheck(),
        new RolePermissionCheck(),
        new DefaultHostManagementCheck(),
        new MetadataCheck(),
        new RouteCheck(),
        new VpcDnsCheck(),
        new VpcEndpointCheck(),
        new EndpointPrivateDnsCheck(),
        new EndpointPolicyCheck(),
        new EndpointSecurityGroupCheck(),
        new SecurityGroupEgressCheck(),
        new NetworkAclCheck(),
    ];

    /// <summary>Those that may need it, and those that speak when nothing before has.</summary>
    public static IReadOnlyList<Check> Last { get; } =
    [
        new ClockCheck(),
        new DiskCheck(),
        new AgentStoppedCheck(),
        new SessionEndpointsCheck(),
        new HybridActivationCheck(),
        new InstanceTierCheck(),
        new BackOffCheck(),
        new PatienceCheck(),
    ];

    /// <summary>Makes some checks, each knowing whether one before it has found what is wrong.</summary>
    public static void Examine(Scene scene, IReadOnlyList<Check> checks, List<Finding> findings)
    {
        foreach (Check check in checks)
        {
            Scene now = scene with { IsExplained = findings.Exists(finding => finding.Status == FindingStatus.Fail) };
            if (check.Examine(now) is { } finding)
            {
                findings.Add(finding);
            }
        }
    }
}
