namespace SsmTools.Sandbox.World;

/// <summary>The settings of Systems Manager that are known here, by their ids.</summary>
internal sealed class ServiceSettings(SandboxWorld world)
{
    /// <summary>The role that Default Host Management gives to instances without a profile.</summary>
    public const string HostManagementRole = "/ssm/managed-instance/default-ec2-instance-management-role";

    /// <summary>Standard, or advanced: sessions on hybrid nodes need the latter.</summary>
    public const string ActivationTier = "/ssm/managed-instance/activation-tier";

    /// <summary>What the role's setting says while Default Host Management is off.</summary>
    public const string None = "$None";

    private readonly Dictionary<string, (string Value, DateTimeOffset When, string Who)> _changed = [];

    /// <summary>AWS's values.</summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        [HostManagementRole] = None,
        [ActivationTier] = "standard",
    };

    /// <summary>A setting's value, and who changed it when; null where nobody did.</summary>
    public (string Value, DateTimeOffset? When, string? Who) Get(string id) =>
        _changed.TryGetValue(id, out (string Value, DateTimeOffset When, string Who) changed) ? changed : (Defaults[id], null, null);

    public void Set(string id, string value, string who) => _changed[id] = (value, world.Now, who);

    public void Reset(string id) => _changed.Remove(id);

    /// <summary>The role that an instance gets without a profile: none while the setting is off or the instance lets IMDSv1 in.</summary>
    public RoleRecord? HostManagementRoleOf(InstanceRecord instance)
    {
        string name = Get(HostManagementRole).Value.Split('/')[^1];
        return instance.Metadata.TokenRequired && world.Roles.TryGetValue(name, out RoleRecord? role)
            && PolicyDocument.Trusts(role.TrustPolicy, "ssm.amazonaws.com")
                ? role
                : null;
    }
}
