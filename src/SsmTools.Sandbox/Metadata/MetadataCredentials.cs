using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Metadata;

/// <summary>The credentials of the role that an instance's profile hands it.</summary>
internal sealed class MetadataCredentials(SandboxWorld world, CredentialStore store, InstanceRecord instance)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(6);

    /// <summary>Renewed this long before their end, as EC2 does.</summary>
    private static readonly TimeSpan s_renewal = TimeSpan.FromMinutes(30);

    private readonly object _gate = new();
    private Credential? _credential;
    private Credential? _identity;
    private string? _roleId;

    /// <summary>The role's name; null where no role reaches the instance.</summary>
    public string? RoleName => world.RoleOf(instance)?.Name;

    /// <summary>What <c>iam/security-credentials/&lt;role&gt;</c> says; null for any role but the instance's own.</summary>
    public JsonObject? Describe(string roleName)
    {
        RoleRecord? role = world.RoleOf(instance);
        if (role is null || role.Name != roleName)
        {
            return null;
        }

        bool isTrusted;
        lock (world.Gate)
        {
            isTrusted = PolicyDocument.Trusts(role.TrustPolicy, "ec2.amazonaws.com");
        }

        return isTrusted ? Describe(Current(role)) : new JsonObject
        {
            ["Code"] = "AssumeRoleUnauthorizedAccess",
            ["Message"] = $"EC2 cannot assume the role {role.Name}. Please see documentation at "
                + "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc.",
            ["LastUpdated"] = Timestamp(world.Now),
        };
    }

    /// <summary>What <c>identity-credentials/ec2/security-credentials/ec2-instance</c> says.</summary>
    public JsonObject DescribeIdentity()
    {
        lock (_gate)
        {
            if (_identity is null || _identity.Expires - s_renewal <= world.Now)
            {
                _identity = store.IssueIdentity(instance.Id, s_lifetime);
            }

            return Describe(_identity);
        }
    }

    /// <summary>A time as the metadata endpoint writes it.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString(
        "yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private Credential Current(RoleRecord role)
    {
        lock (_gate)
        {
            if (_credential is null || _roleId != role.Id || _credential.Expires - s_renewal <= world.Now)
            {
                _credential = store.IssueRole(role, instance.Id, s_lifetime, instance.Id);
                _roleId = role.Id;
            }

            return _credential;
        }
    }

    private static JsonObject Describe(Credential credential) => new()
    {
        ["Code"] = "Success",
        ["LastUpdated"] = Timestamp(credential.Issued),
        ["Type"] = "AWS-HMAC",
        ["AccessKeyId"] = credential.AccessKeyId,
        ["SecretAccessKey"] = credential.SecretAccessKey,
        ["Token"] = credential.SessionToken,
        ["Expiration"] = Timestamp(credential.Expires!.Value),
    };
}
