using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Survey;

/// <summary>What an agent must be allowed to do before its node registers and takes sessions.</summary>
internal static class AgentActions
{
    /// <summary>By which it tells of itself, at the endpoint ssm.</summary>
    public const string Report = "ssm:UpdateInstanceInformation";

    /// <summary>By which it is spoken to, at the endpoint ssmmessages.</summary>
    public static IReadOnlyList<string> Channels { get; } =
    [
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
    ];

    /// <summary>All five.</summary>
    public static IReadOnlyList<string> All { get; } = [Report, .. Channels];

    /// <summary>Those of one endpoint's service.</summary>
    public static IReadOnlyList<string> Of(string service) => service == "ssm" ? [Report] : Channels;

    /// <summary>AWS's own policies that allow all five, as far as agents are concerned; null for any other.</summary>
    public static PolicyText? WellKnown(string arn, string partition)
    {
        string? name =
            arn == ManagedPolicies.CoreArn(partition) ? ManagedPolicies.CoreName
            : arn == ManagedPolicies.LegacyArn(partition) ? ManagedPolicies.LegacyName
            : arn == ManagedPolicies.Arn(partition, ManagedPolicies.HostManagementName) ? ManagedPolicies.HostManagementName
            : null;
        return name is null ? null : new PolicyText(
            name,
            $$"""{"Statement":[{"Effect":"Allow","Action":["{{string.Join("\",\"", All)}}"],"Resource":"*"}]}""");
    }
}
