using System.Management.Automation;

namespace SsmTools.Output;

/// <summary>A running sandbox: all that a client needs to use it.</summary>
public sealed class SsmSandbox
{
    /// <summary>The URL that stands for every AWS service.</summary>
    public string Endpoint { get; internal init; } = "";

    /// <summary>The same by TLS; null unless asked for.</summary>
    public string? TlsEndpoint { get; internal init; }

    /// <summary>The file with the certificate, in PEM, that clients of TlsEndpoint must trust; null unless asked for.</summary>
    public string? CaPath { get; internal init; }

    /// <summary>The one region it has.</summary>
    public string Region { get; internal init; } = "";

    /// <summary>The id of the access key that it takes.</summary>
    public string AccessKeyId { get; internal init; } = "";

    /// <summary>
    /// The secret of the access key that it takes. It is random, and good for this sandbox alone. Hidden, as it can
    /// start a shell: it is there for who asks for it, and in no listing or transcript by chance.
    /// </summary>
    [Hidden]
    public string SecretAccessKey { get; internal init; } = "";

    /// <summary>The VPC that is there from the start.</summary>
    public string VpcId { get; internal init; } = "";

    /// <summary>Its subnets, by the way out that they have.</summary>
    public SsmSandboxSubnets Subnets { get; internal init; } = new();

    /// <summary>A security group without inbound rules.</summary>
    public string SecurityGroupId { get; internal init; } = "";

    /// <summary>True where the AWS_* variables of this process point to it.</summary>
    public bool EnvironmentSet { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Endpoint;
}
