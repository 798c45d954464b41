using System;

namespace SsmTools.Output;

/// <summary>How host management stands on one node.</summary>
public sealed class SsmNodeCompliance
{
    /// <summary>The node's id.</summary>
    public string InstanceId { get; internal init; } = "";

    /// <summary>The node's name.</summary>
    public string? Name { get; internal init; }

    /// <summary>Whether every task that is for the node went well the last time; null where none is for it.</summary>
    public bool? Compliant { get; internal init; }

    /// <summary>Success, Failed, TimedOut, InProgress or Pending; null where it is not for the node. So are the others.</summary>
    public string? AgentUpdate { get; internal init; }

    /// <summary>The inventory.</summary>
    public string? Inventory { get; internal init; }

    /// <summary>The patch scan.</summary>
    public string? PatchScan { get; internal init; }

    /// <summary>The installation of the CloudWatch agent.</summary>
    public string? CloudWatchAgent { get; internal init; }

    /// <summary>Its configuration.</summary>
    public string? CloudWatchConfig { get; internal init; }

    /// <summary>How many patches the last scan found missing.</summary>
    public int? MissingPatches { get; internal init; }

    /// <summary>The agent's version.</summary>
    public string? AgentVersion { get; internal init; }

    /// <summary>Whether there is a newer one.</summary>
    public bool AgentOutdated { get; internal init; }

    /// <summary>Linux, Windows or MacOS.</summary>
    public string? PlatformType { get; internal init; }

    /// <summary>When one of the tasks ran last, local time.</summary>
    public DateTime? LastRun { get; internal init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public string? Problem { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => InstanceId;
}
