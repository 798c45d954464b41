namespace SsmTools.Output;

/// <summary>A network for private instances.</summary>
public sealed class SsmNetwork
{
    /// <summary>Its name; not called Name, which New-SsmInstance would take for the names of the instances in it.</summary>
    public string NetworkName { get; internal init; } = "";

    /// <summary>The VPC's id.</summary>
    public string? VpcId { get; internal init; }

    /// <summary>The VPC's range.</summary>
    public string? Cidr { get; internal init; }

    /// <summary>The isolated subnets, one of each zone; New-SsmInstance takes them from the pipeline.</summary>
    public string[] SubnetId { get; internal init; } = [];

    /// <summary>The security group for instances; New-SsmInstance takes it from the pipeline.</summary>
    public string? SecurityGroupId { get; internal init; }

    /// <summary>The security group of the endpoints.</summary>
    public string? EndpointSecurityGroupId { get; internal init; }

    /// <summary>The endpoints.</summary>
    public string[] EndpointId { get; internal init; } = [];

    /// <summary>The zones, in the order of the subnets.</summary>
    public string[] AvailabilityZone { get; internal init; } = [];

    /// <inheritdoc/>
    public override string ToString() => NetworkName;
}
