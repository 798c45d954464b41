namespace SsmTools.Engine.Diagnosis;

/// <summary>The stable names of the checks, in the order in which they are made.</summary>
internal static class CheckId
{
    public const string InstanceState = "InstanceState";
    public const string StatusChecks = "StatusChecks";
    public const string Agent = "Agent";
    public const string InstanceProfile = "InstanceProfile";
    public const string RoleTrust = "RoleTrust";
    public const string RolePermission = "RolePermission";
    public const string DefaultHostManagement = "DefaultHostManagement";
    public const string Metadata = "Metadata";
    public const string Route = "Route";
    public const string VpcDns = "VpcDns";
    public const string VpcEndpoint = "VpcEndpoint";
    public const string EndpointPrivateDns = "EndpointPrivateDns";
    public const string EndpointPolicy = "EndpointPolicy";
    public const string EndpointSecurityGroup = "EndpointSecurityGroup";
    public const string SecurityGroupEgress = "SecurityGroupEgress";
    public const string NetworkAcl = "NetworkAcl";
    public const string Clock = "Clock";
    public const string Disk = "Disk";
    public const string AgentStopped = "AgentStopped";
    public const string SessionEndpoints = "SessionEndpoints";
    public const string HybridActivation = "HybridActivation";
    public const string InstanceTier = "InstanceTier";
    public const string BackOff = "BackOff";
    public const string Patience = "Patience";
}
