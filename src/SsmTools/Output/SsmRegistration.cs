using System;
using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>Whether an instance is registered with Systems Manager, and what its agent says of itself.</summary>
public sealed class SsmRegistration
{
    /// <summary>The instance's or node's id.</summary>
    public string InstanceId { get; internal init; } = "";

    /// <summary>The node's name; null where it has none.</summary>
    public string? Name { get; internal init; }

    /// <summary>True where sessions can be started.</summary>
    public bool Registered { get; internal init; }

    /// <summary>What the service says of the last ping, for example <c>Online</c>; null for a node it does not know.</summary>
    public string? PingStatus { get; internal init; }

    /// <summary>The agent's version.</summary>
    public string? AgentVersion { get; internal init; }

    /// <summary><c>Linux</c>, <c>Windows</c> or <c>MacOS</c>.</summary>
    public string? PlatformType { get; internal init; }

    /// <summary>The operating system's name.</summary>
    public string? PlatformName { get; internal init; }

    /// <summary>The operating system's version.</summary>
    public string? PlatformVersion { get; internal init; }

    /// <summary>The node's address.</summary>
    public string? IpAddress { get; internal init; }

    /// <summary>When the agent was last heard of, in local time.</summary>
    public DateTime? LastPing { get; internal init; }

    /// <summary>Why it is not registered, as far as this is known; null where it is.</summary>
    public string? Reason { get; internal init; }

    /// <summary>The first check that failed; null where none did, or none was made.</summary>
    public string? FirstFailure { get; internal init; }

    /// <summary>
    /// What each check found out, from the machine to its network; empty for a registered node unless -Detailed asked.
    /// </summary>
    public IReadOnlyList<SsmFinding> Findings { get; internal init; } = [];

    /// <summary>The findings as text, with what was looked at and what to do where something is wrong; null for none.</summary>
    public string? Report => FindingReport.Write(Findings);

    /// <summary>What the table shows last: the platform of a registered node, the first failing check of another one.</summary>
    public string? Detail => FirstFailure is null
        ? Registered ? Platform : Reason
        : $"{FirstFailure}: {FailureBecause ?? Reason}";

    /// <summary>The operating system with its version, for example <c>Amazon Linux 2023</c>; null where it is not known.</summary>
    public string? Platform => PlatformName is null ? PlatformType : $"{PlatformName} {PlatformVersion}".Trim();

    internal string? FailureBecause { get; init; }

    /// <inheritdoc/>
    public override string ToString() => InstanceId;
}
