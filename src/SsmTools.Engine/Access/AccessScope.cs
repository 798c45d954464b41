namespace SsmTools.Engine.Access;

/// <summary>A request with all that its policy needs of the account: names have become ARNs.</summary>
/// <param name="Request">What is wanted.</param>
/// <param name="Partition">For example <c>aws</c>.</param>
/// <param name="Region">The region that it is for.</param>
/// <param name="Account">The account's number.</param>
/// <param name="KeyArn">The ARN of the key; null for none.</param>
internal sealed record AccessScope(AccessPolicyRequest Request, string Partition, string Region, string Account, string? KeyArn)
{
    /// <summary>The document of sessions that name none.</summary>
    public const string Preferences = "SSM-SessionManagerRunShell";

    public const string PortForwarding = "AWS-StartPortForwardingSession";
    public const string RemoteHosts = "AWS-StartPortForwardingSessionToRemoteHost";
    public const string Ssh = "AWS-StartSSHSession";

    private static readonly string[] s_ofAws = ["aws", "amazon", "amzn"];

    /// <summary>The documents that scripts are run with.</summary>
    public static IReadOnlyList<string> CommandDocuments { get; } = ["AWS-RunPowerShellScript", "AWS-RunShellScript"];

    /// <summary>The session documents, by name or ARN, each once.</summary>
    public IReadOnlyList<string> Documents =>
    [
        .. (Request.Documents.Count > 0 ? Request.Documents : [Preferences])
            .Concat(Request.PortForwarding ? [PortForwarding] : [])
            .Concat(Request.RemoteHosts ? [RemoteHosts] : [])
            .Concat(Request.Ssh ? [Ssh] : [])
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The nodes' ARNs; a star for the id where tags or nothing choose among them.</summary>
    public IReadOnlyList<string> Nodes => Request.InstanceIds.Count > 0 ? [.. Request.InstanceIds.Select(NodeArn)] : [NodeArn("i-*"), NodeArn("mi-*")];

    /// <summary>A node's ARN.</summary>
    public string NodeArn(string id) => id.StartsWith("mi-", StringComparison.Ordinal)
        ? Ssm($"managed-instance/{(id == "mi-*" ? "*" : id)}")
        : $"arn:{Partition}:ec2:{Region}:{Account}:instance/{(id == "i-*" ? "*" : id)}";

    /// <summary>A document's ARN. AWS's own belong to no account, and nobody else can name his so.</summary>
    public string DocumentArn(string name) => name.StartsWith("arn:", StringComparison.Ordinal)
        ? name
        : s_ofAws.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            ? $"arn:{Partition}:ssm:{Region}::document/{name}"
            : Ssm($"document/{name}");

    /// <summary>The ARN of something of Systems Manager in this account.</summary>
    public string Ssm(string resource) => $"arn:{Partition}:ssm:{Region}:{Account}:{resource}";
}
