using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using SsmTools.Commands;
using SsmTools.Engine.Commands;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Remoting;
using SsmTools.Engine.Sessions;
using SsmTools.Sandbox;
using SsmTools.Sandbox.Faults;

namespace SsmTools.Output;

/// <summary>From the engine's types to those that users see.</summary>
internal static class OutputConversion
{
    internal static SsmRdpConnection ToOutput(this RdpConnection connection, TargetNode node, SsmTunnel tunnel) => new()
    {
        InstanceId = node.InstanceId,
        Name = node.Name,
        UserName = connection.UserName,
        Credential = connection.Password is { } password ? new PSCredential(connection.UserName, password) : null,
        Client = connection.ClientName,
        Tunnel = tunnel,
    };

    internal static SsmInstanceRole ToOutput(this InstanceRole role) => new()
    {
        RoleName = role.RoleName,
        RoleArn = role.RoleArn,
        InstanceProfileName = role.InstanceProfileName,
        InstanceProfileArn = role.InstanceProfileArn,
        Policies = role.Policies,
        InlinePolicies = role.InlinePolicies,
        Created = role.Created,
    };

    internal static SsmInstanceRoleInfo ToOutput(this RoleDescription role) => new()
    {
        RoleName = role.RoleName,
        RoleArn = role.RoleArn,
        Path = role.Path,
        CreateDate = role.CreateDate?.ToLocalTime(),
        InstanceProfileName = role.InstanceProfileName,
        InstanceProfileArn = role.InstanceProfileArn,
        InstanceProfiles = role.InstanceProfiles,
        Policies = role.Policies,
        InlinePolicies = role.InlinePolicies,
        TrustedBy = role.TrustedBy,
        PermissionsBoundary = role.PermissionsBoundary,
        CanRegister = role.CanRegister,
        Problem = role.Problem,
        MadeBySsmTools = role.MadeBySsmTools,
        Instances = role.Instances,
    };

    internal static SsmInstance ToOutput(this InstanceDescription instance) => new InventoryNode
    {
        InstanceId = instance.InstanceId,
        Name = instance.Name,
        Instance = instance,
        PlatformType = instance.PlatformType,
        IpAddress = instance.PrivateIpAddress,
    }.ToOutput();

    internal static SsmInstance ToOutput(this InventoryNode node) => ToOutput(node, node.Instance);

    /// <summary>An instance that was waited for: what EC2 said when it was launched, and what is known of it now.</summary>
    internal static SsmInstance ToOutput(this InstanceDescription instance, NodeRegistration node) => new InventoryNode
    {
        InstanceId = instance.InstanceId,
        Name = instance.Name,
        Instance = instance with { State = node.State ?? instance.State },
        Managed = node.PingStatus is not null,
        PingStatus = node.PingStatus,
        LastPing = node.LastPing,
        AgentVersion = node.AgentVersion,
        PlatformType = node.PlatformType ?? instance.PlatformType,
        PlatformName = node.PlatformName,
        PlatformVersion = node.PlatformVersion,
        IpAddress = instance.PrivateIpAddress,
    }.ToOutput();

    private static SsmInstance ToOutput(InventoryNode node, InstanceDescription? instance) => new()
    {
        InstanceId = node.InstanceId,
        Name = node.Name,
        Managed = node.Managed,
        PingStatus = node.PingStatus,
        LastPing = node.LastPing?.ToLocalTime(),
        AgentVersion = node.AgentVersion,
        AgentOutdated = node.AgentOutdated,
        PlatformType = node.PlatformType,
        PlatformName = node.PlatformName,
        PlatformVersion = node.PlatformVersion,
        SubnetType = node.SubnetType,
        PrivateIpAddress = node.IpAddress,
        State = instance?.State,
        InstanceType = instance?.InstanceType,
        Architecture = instance?.Architecture,
        ImageId = instance?.ImageId,
        SubnetId = instance?.SubnetId,
        VpcId = instance?.VpcId,
        AvailabilityZone = instance?.AvailabilityZone,
        PublicIpAddress = instance?.PublicIpAddress,
        InstanceProfileArn = instance?.InstanceProfileArn,
        LaunchTime = instance?.LaunchTime?.ToLocalTime(),
        Tags = instance?.Tags ?? new Dictionary<string, string>(),
    };

    internal static SsmNetwork ToOutput(this SsmNetworkDescription network) => new()
    {
        NetworkName = network.Name,
        VpcId = network.VpcId,
        Cidr = network.Cidr,
        SubnetId = network.SubnetIds.ToArray(),
        SecurityGroupId = network.SecurityGroupId,
        EndpointSecurityGroupId = network.EndpointSecurityGroupId,
        EndpointId = network.EndpointIds.ToArray(),
        AvailabilityZone = network.AvailabilityZones.ToArray(),
    };

    internal static SsmVpcEndpoint ToOutput(this EndpointDescription endpoint) => new()
    {
        EndpointId = endpoint.EndpointId,
        Service = endpoint.Service,
        ServiceName = endpoint.ServiceName,
        Kind = endpoint.Kind,
        State = endpoint.State,
        VpcId = endpoint.VpcId,
        SubnetId = endpoint.SubnetIds.ToArray(),
        SecurityGroupId = endpoint.SecurityGroupIds.ToArray(),
        PrivateDns = endpoint.PrivateDns,
    };

    internal static SsmRegistration ToOutput(this NodeDiagnosis diagnosis) => diagnosis.Node.ToOutput(
        [.. diagnosis.Findings.Select(ToOutput)], diagnosis.FirstFailure);

    internal static SsmFinding ToOutput(this Finding finding) => new()
    {
        Check = finding.Check,
        Status = finding.Status.ToString(),
        Because = finding.Because,
        Fix = finding.Fix,
        Command = finding.Command,
        Evidence = finding.Evidence,
    };

    internal static SsmRegistration ToOutput(this NodeRegistration node) => node.ToOutput([], null);

    private static SsmRegistration ToOutput(this NodeRegistration node, IReadOnlyList<SsmFinding> findings, Finding? failure) => new()
    {
        Findings = findings,
        FirstFailure = failure?.Check,
        FailureBecause = failure?.Because,
        InstanceId = node.InstanceId,
        Name = node.Name,
        Registered = node.Registered,
        PingStatus = node.PingStatus,
        AgentVersion = node.AgentVersion,
        PlatformType = node.PlatformType,
        PlatformName = node.PlatformName,
        PlatformVersion = node.PlatformVersion,
        IpAddress = node.IpAddress,
        LastPing = node.LastPing?.ToLocalTime(),
        Reason = node.Reason,
    };

    internal static SsmSession ToOutput(this SessionEnd end) => new()
    {
        SessionId = end.SessionId,
        InstanceId = end.Target,
        StartTime = end.StartedAt.LocalDateTime,
        EndTime = end.EndedAt.LocalDateTime,
        ExitCode = end.ExitCode,
        EndReason = end.Reason,
    };

    internal static SsmCommandResult ToOutput(this CommandResult result, string? name) => new()
    {
        InstanceId = result.Target,
        Name = name,
        Status = result.Status.ToString(),
        ExitCode = result.ExitCode,
        Output = result.Output,
        Error = result.Error,
        Reason = result.Reason,
        SessionId = result.SessionId,
        StartTime = result.StartedAt.LocalDateTime,
        EndTime = result.EndedAt.LocalDateTime,
    };

    internal static SsmCommandResult ToOutput(this CommandOutcome outcome) => new()
    {
        InstanceId = outcome.InstanceId,
        Name = outcome.Name,
        Status = outcome.Status,
        ExitCode = outcome.ExitCode,
        Output = outcome.Output,
        Error = outcome.Error,
        Truncated = outcome.IsTruncated,
        CommandId = outcome.CommandId,
        StartTime = outcome.StartedAt?.ToLocalTime(),
        EndTime = outcome.EndedAt?.ToLocalTime(),
    };

    internal static SsmCommand ToOutput(this SentCommand command) => new()
    {
        CommandId = command.CommandId,
        DocumentName = command.DocumentName,
        InstanceId = command.InstanceIds,
        RequestTime = command.RequestedAt.ToLocalTime(),
    };

    internal static SsmSandbox ToOutput(this SandboxKeeper.Running running) =>
        running.Host.Facts.ToOutput(running.Environment is not null);

    internal static SsmSandboxFault ToOutput(this FaultStatus fault) => new()
    {
        Fault = fault.Text,
        Name = fault.Name,
        Hits = fault.Hits,
        Seed = fault.Seed,
    };

    private static SsmSandbox ToOutput(this SandboxFacts facts, bool environmentSet) => new()
    {
        Endpoint = facts.Endpoint.ToString(),
        TlsEndpoint = facts.TlsEndpoint,
        CaPath = facts.CaFile,
        Region = facts.Region,
        AccessKeyId = facts.AccessKeyId,
        SecretAccessKey = facts.SecretAccessKey,
        VpcId = facts.VpcId,
        Subnets = new SsmSandboxSubnets
        {
            Isolated = facts.Subnets.Isolated.ToArray(),
            Private = facts.Subnets.Private.ToArray(),
            Dead = facts.Subnets.Dead.ToArray(),
        },
        SecurityGroupId = facts.SecurityGroupId,
        EnvironmentSet = environmentSet,
    };
}
