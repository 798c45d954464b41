namespace SsmTools.Engine.Provisioning;

/// <summary>The instances that are wanted.</summary>
public sealed record LaunchRequest
{
    /// <summary>The subnets, <c>subnet-…</c>, over which the instances are spread evenly; at least one.</summary>
    public IReadOnlyList<string> SubnetIds { get; init; } = [];

    /// <summary>The subnet, where it is one; else the first.</summary>
    public string SubnetId
    {
        get => SubnetIds.Count > 0 ? SubnetIds[0] : string.Empty;
        init => SubnetIds = [value];
    }

    /// <summary>A short name of <see cref="ImageCatalog"/>, or an image id, <c>ami-…</c>.</summary>
    public string Image { get; init; } = ImageCatalog.Default;

    /// <summary>The instance type; its processor decides which of a short name's images is taken.</summary>
    public string InstanceType { get; init; } = "t3.nano";

    /// <summary>The name or ARN of the instance profile; null for none (Default Host Management, then).</summary>
    public string? InstanceProfileName { get; init; }

    /// <summary>
    /// The value of the Name tag. With a name, instances that are there already count: the same request made twice
    /// makes them once. Without one, every request makes new instances.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>The security groups; empty for the VPC's default one.</summary>
    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    /// <summary>How many, 1 to 1,000.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How many hops the answers of the metadata service may go, 1 to 64; 2 reaches into a container.</summary>
    public int HopLimit { get; init; } = 2;

    /// <summary>More tags for instances and volumes.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The name of the key pair; null for none, which is the rule: nobody needs a key to get in.</summary>
    public string? KeyName { get; init; }

    /// <summary>What the instance does when it first starts: a script or cloud-config, as plain text.</summary>
    public string? UserData { get; init; }

    /// <summary>The caller's own token, 1 to 64 ASCII characters, that makes a repetition safe; null to derive one.</summary>
    public string? ClientToken { get; init; }
}
