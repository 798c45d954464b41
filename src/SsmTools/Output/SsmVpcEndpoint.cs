namespace SsmTools.Output;

/// <summary>An endpoint through which a VPC reaches a service of AWS.</summary>
public sealed class SsmVpcEndpoint
{
    /// <summary>The endpoint's id.</summary>
    public string EndpointId { get; internal init; } = "";

    /// <summary>The service's short name, for example <c>ssm</c>.</summary>
    public string Service { get; internal init; } = "";

    /// <summary>The service's whole name.</summary>
    public string? ServiceName { get; internal init; }

    /// <summary>Interface or Gateway.</summary>
    public string? Kind { get; internal init; }

    /// <summary>Its state, for example <c>available</c>.</summary>
    public string? State { get; internal init; }

    /// <summary>The VPC it is in.</summary>
    public string? VpcId { get; internal init; }

    /// <summary>The subnets that it has an interface in.</summary>
    public string[] SubnetId { get; internal init; } = [];

    /// <summary>The security groups of its interfaces.</summary>
    public string[] SecurityGroupId { get; internal init; } = [];

    /// <summary>Whether the service's own name leads to it.</summary>
    public bool PrivateDns { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => EndpointId;
}
