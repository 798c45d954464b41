namespace SsmTools.Sandbox;

/// <summary>What a client needs to know of a sandbox. Made anew at every start.</summary>
public sealed record SandboxFacts
{
    /// <summary>The address of every AWS API: <c>http://127.0.0.1:port</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The same by TLS: <c>https://127.0.0.1:port</c>; null where it is not asked for.</summary>
    public string? TlsEndpoint { get; init; }

    /// <summary>The full path of the certificate, in PEM, that clients of <see cref="TlsEndpoint"/> must trust.</summary>
    public string? CaFile { get; init; }

    /// <summary>The region, for example <c>eu-west-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>The access key of a user who may do everything.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>Its secret.</summary>
    public required string SecretAccessKey { get; init; }

    /// <summary>The VPC that is there from the start.</summary>
    public required string VpcId { get; init; }

    /// <summary>Its subnets.</summary>
    public required SandboxSubnets Subnets { get; init; }

    /// <summary>A security group that lets nothing in and everything out.</summary>
    public required string SecurityGroupId { get; init; }

    /// <summary>Without the secret, which must not reach a log.</summary>
    public override string ToString() => Endpoint;
}
