using System;
using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>
/// An EC2 instance, or a node elsewhere, as far as this module cares. What Systems Manager knows of it is there where it
/// was asked: Get-SsmInstance does that, and New-SsmInstance when it waits.
/// </summary>
public sealed class SsmInstance
{
    /// <summary>The instance's id.</summary>
    public string InstanceId { get; internal init; } = "";

    /// <summary>The value of its Name tag; null where it has none.</summary>
    public string? Name { get; internal init; }

    /// <summary>Its state, for example <c>running</c>.</summary>
    public string? State { get; internal init; }

    /// <summary>Its type, for example <c>t3.nano</c>.</summary>
    public string? InstanceType { get; internal init; }

    /// <summary>Its processor architecture, for example <c>x86_64</c>.</summary>
    public string? Architecture { get; internal init; }

    /// <summary>The image it was started from.</summary>
    public string? ImageId { get; internal init; }

    /// <summary>The subnet it is in.</summary>
    public string? SubnetId { get; internal init; }

    /// <summary>The VPC it is in.</summary>
    public string? VpcId { get; internal init; }

    /// <summary>The availability zone it is in.</summary>
    public string? AvailabilityZone { get; internal init; }

    /// <summary>Its private address.</summary>
    public string? PrivateIpAddress { get; internal init; }

    /// <summary>Its address on the internet; null where it has none.</summary>
    public string? PublicIpAddress { get; internal init; }

    /// <summary>
    /// <c>Private</c> or <c>Public</c>, which is whether the subnet has a route to an internet gateway; <c>Unknown</c>
    /// where route tables may not be read.
    /// </summary>
    public string? SubnetType { get; internal init; }

    /// <summary>Whether Systems Manager knows it; null where that is not known.</summary>
    public bool? Managed { get; internal init; }

    /// <summary>What Systems Manager says of the last ping, for example <c>Online</c>; null where it does not know the node.</summary>
    public string? PingStatus { get; internal init; }

    /// <summary>When the agent was last heard of, in local time.</summary>
    public DateTime? LastPing { get; internal init; }

    /// <summary>The agent's version.</summary>
    public string? AgentVersion { get; internal init; }

    /// <summary>Whether there is a newer agent; null where nobody says.</summary>
    public bool? AgentOutdated { get; internal init; }

    /// <summary><c>Linux</c>, <c>Windows</c> or <c>MacOS</c>.</summary>
    public string? PlatformType { get; internal init; }

    /// <summary>The operating system's name, as the agent says.</summary>
    public string? PlatformName { get; internal init; }

    /// <summary>The operating system's version, as the agent says.</summary>
    public string? PlatformVersion { get; internal init; }

    /// <summary>The name of its instance profile; null where it has none.</summary>
    public string? InstanceProfileName => InstanceProfileArn?[(InstanceProfileArn.LastIndexOf('/') + 1)..];

    /// <summary>What the table shows of the agent: its version, and whether that is old.</summary>
    public string? Agent => AgentOutdated == true ? $"{AgentVersion} old" : AgentVersion;

    /// <summary>The ARN of its instance profile; null where it has none.</summary>
    public string? InstanceProfileArn { get; internal init; }

    /// <summary>When it was started, in local time.</summary>
    public DateTime? LaunchTime { get; internal init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; internal init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string ToString() => InstanceId;
}
