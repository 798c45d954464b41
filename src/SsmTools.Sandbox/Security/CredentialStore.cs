using System.Security.Cryptography;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Security;

/// <summary>Every credential that opens this sandbox: made here, at random, known nowhere else.</summary>
internal sealed class CredentialStore(string accountId, TimeProvider clock)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>How long credentials are still known after their end, to be told that they are expired.</summary>
    private static readonly TimeSpan s_remembered = TimeSpan.FromHours(1);

    private readonly object _gate = new();
    private readonly Dictionary<string, Credential> _credentials = new(StringComparer.Ordinal);

    /// <summary>A long-lived key pair for a user of the account, who may do everything.</summary>
    public Credential IssueUser(string userName)
    {
        Principal principal = new()
        {
            Arn = $"arn:aws:iam::{accountId}:user/{userName}",
            UserId = "AIDA" + RandomNumberGenerator.GetString(Letters, 17),
            Name = userName,
        };
        return Add(principal, "AKIA", null);
    }

    /// <summary>A key pair of a user made with IAM.</summary>
    public Credential IssueUser(UserRecord user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Add(new Principal { Arn = user.Arn, UserId = user.Id, Name = user.Name, IsUser = true }, "AKIA", null);
    }

    /// <summary>Temporary credentials of a role, as STS or an instance's metadata hand them out.</summary>
    public Credential IssueRole(RoleRecord role, string sessionName, TimeSpan lifetime, string? instanceId = null)
    {
        ArgumentNullException.ThrowIfNull(role);
        Principal principal = new()
        {
            Arn = $"arn:aws:sts::{accountId}:assumed-role/{role.Name}/{sessionName}",
            UserId = $"{role.Id}:{sessionName}",
            Name = sessionName,
            RoleName = role.Name,
            RoleId = role.Id,
            InstanceId = instanceId,
        };
        return Add(principal, "ASIA", lifetime);
    }

    /// <summary>
    /// An instance's own identity, as its metadata hand it out beside its role: it may say who it is and no more.
    /// </summary>
    public Credential IssueIdentity(string instanceId, TimeSpan lifetime) => Add(
        new Principal
        {
            Arn = $"arn:aws:sts::{accountId}:assumed-role/aws:ec2-instance/{instanceId}",
            UserId = $"aws:ec2-instance:{instanceId}",
            Name = instanceId,
            InstanceId = instanceId,
            Only = ["ssm:RegisterManagedInstance", "ssm:RequestManagedInstanceRoleToken"],
        },
        "ASIA",
        lifetime);

    public Credential? Find(string accessKeyId)
    {
        lock (_gate)
        {
            return _credentials.GetValueOrDefault(accessKeyId);
        }
    }

    public bool Revoke(string accessKeyId)
    {
        lock (_gate)
        {
            return _credentials.Remove(accessKeyId);
        }
    }

    private Credential Add(Principal principal, string prefix, TimeSpan? lifetime)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Credential credential = new()
        {
            AccessKeyId = prefix + RandomNumberGenerator.GetString(Letters, 16),
            SecretAccessKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)),
            SessionToken = lifetime is null ? null : Convert.ToBase64String(RandomNumberGenerator.GetBytes(192)),
            Issued = now,
            Expires = now + lifetime,
            Principal = principal,
        };
        lock (_gate)
        {
            foreach (string old in _credentials.Values.Where(one => one.Expires + s_remembered < now).Select(one => one.AccessKeyId).ToArray())
            {
                _credentials.Remove(old);
            }

            _credentials.Add(credential.AccessKeyId, credential);
        }

        return credential;
    }
}
