namespace SsmTools.Engine.Diagnosis;

/// <summary>
/// What exactly is wrong, with the ids that a repair needs: one record for each way in which a check fails. The words of
/// a finding are for people, these are for programs.
/// </summary>
internal abstract record FindingCause
{
    private FindingCause()
    {
    }

    /// <summary>Neither EC2 nor Systems Manager has it in this region; <paramref name="Region"/> has it, where that is known.</summary>
    internal sealed record NodeNotFound(string NodeId, string? Region) : FindingCause;

    /// <summary>It is stopped, stopping, pending, or on its way to be terminated.</summary>
    internal sealed record InstanceNotRunning(string InstanceId, string State) : FindingCause;

    /// <summary>EC2's own status checks fail. Each is <c>ok</c>, <c>impaired</c>, <c>insufficient-data</c>…</summary>
    internal sealed record StatusImpaired(string InstanceId, string SystemStatus, string InstanceStatus) : FindingCause;

    /// <summary>The image brings no agent.</summary>
    internal sealed record AgentNotInImage(string InstanceId, string ImageId, string ImageName) : FindingCause;

    /// <summary>The agent is older than what this needs.</summary>
    internal sealed record AgentTooOld(string InstanceId, string Version, string Needed) : FindingCause;

    /// <summary>No instance profile, and Default Host Management is off.</summary>
    internal sealed record ProfileMissing(string InstanceId) : FindingCause;

    /// <summary>The profile that is attached was deleted, or deleted and made again under the same name.</summary>
    internal sealed record ProfileGone(string InstanceId, string ProfileName, string? AssociationId) : FindingCause;

    /// <summary>The profile has no role in it.</summary>
    internal sealed record ProfileEmpty(string InstanceId, string ProfileName) : FindingCause;

    /// <summary>The role does not trust EC2.</summary>
    internal sealed record RoleNotTrusted(string RoleName) : FindingCause;

    /// <summary>No policy of the role allows these actions; a policy that does mends it.</summary>
    internal sealed record RoleLacksActions(string RoleName, IReadOnlyList<string> Actions) : FindingCause;

    /// <summary>A policy of the role denies these actions: only a person can decide about that.</summary>
    internal sealed record RoleDeniesActions(string RoleName, string PolicyName, IReadOnlyList<string> Actions) : FindingCause;

    /// <summary>The role's permissions boundary does not allow these actions: only a person can decide about that.</summary>
    internal sealed record BoundaryDeniesActions(string RoleName, string BoundaryArn, IReadOnlyList<string> Actions) : FindingCause;

    /// <summary>A policy of the organization denies these actions: only a person can decide about that.</summary>
    internal sealed record OrganizationDeniesActions(string RoleName, IReadOnlyList<string> Actions) : FindingCause;

    /// <summary>Default Host Management is to give the rights, but the instance also answers without a token (IMDSv1).</summary>
    internal sealed record HostManagementNeedsTokens(string InstanceId) : FindingCause;

    /// <summary>Default Host Management names a role that does not exist, or lacks these actions.</summary>
    internal sealed record HostManagementRoleUnfit(string RoleName, IReadOnlyList<string> Actions) : FindingCause;

    /// <summary>Default Host Management names a role that Systems Manager may not hand out.</summary>
    internal sealed record HostManagementRoleNotTrusted(string RoleName) : FindingCause;

    /// <summary>The instance metadata endpoint is off.</summary>
    internal sealed record MetadataDisabled(string InstanceId) : FindingCause;

    /// <summary>An agent in a container cannot get at the metadata: the hop limit is 1.</summary>
    internal sealed record HopLimitTooLow(string InstanceId, int HopLimit) : FindingCause;

    /// <summary>
    /// No endpoint at all, and no default route (<paramref name="Target"/> is null) or one that leads nowhere: a blackhole,
    /// or an internet gateway without a public address.
    /// </summary>
    internal sealed record RouteLeadsNowhere(
        string InstanceId, string VpcId, string SubnetId, string? RouteTableId, string? Target) : FindingCause;

    /// <summary>The VPC's resolver is off.</summary>
    internal sealed record DnsSupportOff(string VpcId) : FindingCause;

    /// <summary>The VPC gives no DNS names, so that endpoints' private names do not resolve.</summary>
    internal sealed record DnsHostnamesOff(string VpcId) : FindingCause;

    /// <summary>The VPC has no interface endpoint for these services (<c>ssm</c>, <c>ssmmessages</c>), and the subnet no other way out.</summary>
    internal sealed record EndpointMissing(string VpcId, string SubnetId, IReadOnlyList<string> Services) : FindingCause;

    /// <summary>There is an endpoint, but its state is not available.</summary>
    internal sealed record EndpointNotAvailable(string VpcId, string EndpointId, string Service, string State) : FindingCause;

    /// <summary>There is an endpoint, but the service's name does not lead to it.</summary>
    internal sealed record PrivateDnsOff(string EndpointId, string Service) : FindingCause;

    /// <summary>The endpoint's policy does not allow these actions.</summary>
    internal sealed record EndpointPolicyDenies(string EndpointId, string Service, IReadOnlyList<string> Actions) : FindingCause;

    /// <summary>No security group of the endpoint lets the instance in on 443.</summary>
    internal sealed record EndpointGroupClosed(
        string EndpointId,
        string Service,
        IReadOnlyList<string> GroupIds,
        string InstanceId,
        string PrivateIpAddress,
        string SubnetId,
        string SubnetCidr) : FindingCause;

    /// <summary>No security group of the instance lets it out on 443, to these endpoints' groups or (none) to anywhere.</summary>
    internal sealed record EgressClosed(
        string InstanceId, IReadOnlyList<string> GroupIds, IReadOnlyList<string> EndpointIds) : FindingCause;

    /// <summary>Network ACLs do not let 443 or the answers through, here or at the endpoints' subnets.</summary>
    internal sealed record NetworkAclCloses(IReadOnlyList<AclGap> Gaps) : FindingCause;

    /// <summary>The machine's clock is more than five minutes off.</summary>
    internal sealed record ClockOff(string InstanceId) : FindingCause;

    /// <summary>The root volume is full.</summary>
    internal sealed record DiskFull(string InstanceId) : FindingCause;

    /// <summary>The agent was stopped, or does not start.</summary>
    internal sealed record AgentNotRunning(string InstanceId) : FindingCause;

    /// <summary>The session preferences need services (<c>logs</c>, <c>s3</c>, <c>kms</c>) that the subnet has no way to.</summary>
    internal sealed record SessionEndpointMissing(string VpcId, string SubnetId, IReadOnlyList<string> Services) : FindingCause;

    /// <summary>The activation is over or used up, so that the machine cannot register again.</summary>
    internal sealed record ActivationSpent(string ActivationId, DateTimeOffset? Expires) : FindingCause;

    /// <summary>Session Manager on hybrid nodes needs the advanced tier.</summary>
    internal sealed record StandardTier(string NodeId) : FindingCause;

    /// <summary>The agent started without rights and sleeps until then; a reboot ends it.</summary>
    internal sealed record AgentSleeps(string InstanceId, DateTimeOffset Until) : FindingCause;

    /// <summary>All that can be seen is as it should be, and still the agent does not come.</summary>
    internal sealed record NothingSeen(string InstanceId) : FindingCause;
}
