namespace SsmTools.Engine.Provisioning;

/// <summary>An instance as EC2 describes it.</summary>
public sealed record InstanceDescription
{
    /// <summary>Its id, <c>i-…</c>.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The value of its Name tag; null where there is none.</summary>
    public string? Name { get; init; }

    /// <summary>EC2's word for its state: pending, running, shutting-down, terminated, stopping or stopped.</summary>
    public string State { get; init; } = string.Empty;

    /// <summary>For example <c>t3.nano</c>.</summary>
    public string? InstanceType { get; init; }

    /// <summary><c>x86_64</c> or <c>arm64</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>The image it was made from.</summary>
    public string? ImageId { get; init; }

    /// <summary>The subnet; null once terminated.</summary>
    public string? SubnetId { get; init; }

    /// <summary>The VPC; null once terminated.</summary>
    public string? VpcId { get; init; }

    /// <summary>The availability zone.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>Its address in the subnet; null once terminated.</summary>
    public string? PrivateIpAddress { get; init; }

    /// <summary>Its address on the internet; null where it has none.</summary>
    public string? PublicIpAddress { get; init; }

    /// <summary>Linux, Windows or MacOS, as far as EC2 tells.</summary>
    public string? PlatformType { get; init; }

    /// <summary>The ARN of the attached instance profile; null for none.</summary>
    public string? InstanceProfileArn { get; init; }

    /// <summary>When it was last started, UTC.</summary>
    public DateTime? LaunchTime { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
