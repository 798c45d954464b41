namespace SsmTools.Engine.Provisioning;

/// <summary>The role and instance profile that are wanted.</summary>
public sealed record RoleRequest
{
    /// <summary>The role's name: 1 to 64 of letters, digits and <c>_+=,.@-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The instance profile's name, 1 to 128 of the same; null for the role's name.</summary>
    public string? InstanceProfileName { get; init; }

    /// <summary>The path of what is made, for example <c>/ops/</c>; null for <c>/</c>, or for whatever an existing role has.</summary>
    public string? Path { get; init; }

    /// <summary>Replaces the trust policy of an existing role that EC2 cannot assume; an error where false.</summary>
    public bool ReplaceTrust { get; init; }

    /// <summary>Detaches the deprecated AmazonEC2RoleforSSM once its successor is attached; only told of where false.</summary>
    public bool ReplaceLegacyPolicy { get; init; }

    /// <summary>More tags for what is made; what exists keeps its own.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
