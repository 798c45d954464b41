using System.Collections.Generic;
using SsmTools.Engine.HostManagement;

namespace SsmTools.Output;

/// <summary>From the engine's view of host management to what users see.</summary>
internal static class HostManagementConversion
{
    internal static SsmHostManagement ToOutput(this HostManagementState state) => new()
    {
        Name = state.Name,
        Task = state.Task,
        Status = state.Status,
        Succeeded = state.Succeeded,
        Failed = state.Failed,
        Pending = state.Pending,
        Schedule = state.Schedule,
        Targets = state.Targets,
        LastRun = state.LastRun?.ToLocalTime(),
        Document = state.Document,
        AssociationId = state.AssociationId,
        MadeBy = state.MadeBy,
    };

    internal static SsmNodeCompliance ToOutput(this NodeCompliance node) => new()
    {
        InstanceId = node.InstanceId,
        Name = node.Name,
        Compliant = node.Compliant,
        AgentUpdate = node.Tasks.GetValueOrDefault("AgentUpdate"),
        Inventory = node.Tasks.GetValueOrDefault("Inventory"),
        PatchScan = node.Tasks.GetValueOrDefault("PatchScan"),
        CloudWatchAgent = node.Tasks.GetValueOrDefault("CloudWatchAgent"),
        CloudWatchConfig = node.Tasks.GetValueOrDefault("CloudWatchConfig"),
        MissingPatches = node.MissingPatches,
        AgentVersion = node.AgentVersion,
        AgentOutdated = node.AgentOutdated,
        PlatformType = node.PlatformType,
        LastRun = node.LastRun?.ToLocalTime(),
        Problem = node.Problem,
    };
}
