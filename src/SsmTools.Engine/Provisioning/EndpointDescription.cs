namespace SsmTools.Engine.Provisioning;

/// <summary>A VPC endpoint.</summary>
public sealed record EndpointDescription
{
    /// <summary>Its id, <c>vpce-…</c>.</summary>
    public required string EndpointId { get; init; }

    /// <summary>The service's short name, for example <c>ssmmessages</c>.</summary>
    public required string Service { get; init; }

    /// <summary>The service's whole name, for example <c>com.amazonaws.eu-west-1.ssmmessages</c>.</summary>
    public string ServiceName { get; init; } = string.Empty;

    /// <summary>Interface or Gateway.</summary>
    public string Kind { get; init; } = string.Empty;

    /// <summary>Its state in small letters, for example <c>available</c>.</summary>
    public string State { get; init; } = string.Empty;

    /// <summary>The VPC that it is in.</summary>
    public string VpcId { get; init; } = string.Empty;

    /// <summary>The subnets that it has an interface in; empty for a gateway.</summary>
    public IReadOnlyList<string> SubnetIds { get; init; } = [];

    /// <summary>The security groups of its interfaces.</summary>
    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    /// <summary>Whether the service's own name leads to it.</summary>
    public bool PrivateDns { get; init; }
}
