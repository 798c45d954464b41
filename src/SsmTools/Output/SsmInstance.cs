using System;
using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>An EC2 instance, as far as this module cares.</summary>
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

    /// <summary>The ARN of its instance profile; null where it has none.</summary>
    public string? InstanceProfileArn { get; internal init; }

    /// <summary>When it was started, in local time.</summary>
    public DateTime? LaunchTime { get; internal init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; internal init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string ToString() => InstanceId;
}
