using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>
/// Machines that become managed nodes: they register with an activation and their public key, and get their role's
/// credentials for requests that they signed with the private one (amazon-ssm-agent, ssm/anonauth and ssm/rsaauth).
/// </summary>
internal sealed class MachineOperations(CredentialStore credentials, ISessionBroker broker)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    /// <summary>The one call without a signature: the activation's code stands for it.</summary>
    public static Principal Anonymous { get; } = new()
    {
        Arn = "anonymous",
        UserId = "anonymous",
        Name = "anonymous",
        Only = ["ssm:RegisterManagedInstance"],
    };

    public static JsonObject Register(ApiCall call)
    {
        SandboxWorld world = call.World;
        if (call.Caller is { Only: not null, InstanceId: string self } && world.Instances.ContainsKey(self))
        {
            // An instance says who it is: it is a node without this.
            return new JsonObject { ["InstanceId"] = self };
        }

        if (call.Text("ActivationId") is not string id || !world.Activations.TryGetValue(id, out ActivationRecord? activation)
            || !IsCode(activation, call.Text("ActivationCode")) || activation.Expires <= world.Now
            || activation.Registrations >= activation.Limit)
        {
            throw new ServiceError(
                "InvalidActivation",
                "The activation isn't valid. The activation might have been deleted, or the ActivationId and the ActivationCode don't match.");
        }

        ManagedInstanceRecord machine = new()
        {
            Id = world.Ids.Ec2("mi"),
            PublicKey = Key(call, "PublicKey"),
            Fingerprint = call.Required("Fingerprint"),
            RoleName = activation.RoleName,
        };
        NodeRecord node = new()
        {
            NodeId = machine.Id,
            Sequence = world.NextSequence(),
            Registered = world.Now,
            LastPing = world.Now,
            Gone = true,
            Name = activation.DefaultInstanceName,
            RoleName = activation.RoleName,
            ActivationId = activation.Id,
            Tags = new SortedDictionary<string, string>(StringComparer.Ordinal),
        };
        foreach ((string key, string value) in activation.Tags)
        {
            node.Tags[key] = value;
        }

        activation.Registrations++;
        world.ManagedInstances.Add(machine.Id, machine);
        world.OutsideNodes.Add(machine.Id, node);
        return new JsonObject { ["InstanceId"] = machine.Id };
    }

    public JsonObject RequestRoleToken(ApiCall call)
    {
        if (call.Caller is { Only: not null, InstanceId: string self } && call.World.Instances.TryGetValue(self, out InstanceRecord? instance))
        {
            // Default Host Management: an instance that says who it is gets the account's role for all of them.
            return Token(credentials.IssueRole(
                call.World.Settings.HostManagementRoleOf(instance) ?? throw new ServiceError(
                    "AccessDeniedException", "Systems Manager's instance management role is not configured for account: " + call.World.AccountId),
                self,
                s_lifetime,
                self));
        }

        ManagedInstanceRecord machine = Caller(call);
        if (call.Required("Fingerprint") != machine.Fingerprint)
        {
            throw new ServiceError("MachineFingerprintDoesNotMatch", "The machine's fingerprint does not match the one that it registered with.");
        }

        if (!call.World.Roles.TryGetValue(machine.RoleName, out RoleRecord? role)
            || !PolicyDocument.Trusts(role.TrustPolicy, "ssm.amazonaws.com"))
        {
            throw new ServiceError(
                "AccessDeniedException", $"Systems Manager cannot assume the role {machine.RoleName} for {machine.Id}.");
        }

        return Token(credentials.IssueRole(role, machine.Id, s_lifetime, machine.Id));
    }

    public static JsonObject UpdatePublicKey(ApiCall call)
    {
        Caller(call).PublicKey = Key(call, "NewPublicKey");
        return [];
    }

    /// <summary>The node is no more: its credentials say nothing from now on, and its channels are closed.</summary>
    public JsonObject Deregister(ApiCall call)
    {
        string id = call.Required("InstanceId");
        lock (call.World.Gate)
        {
            if (!call.World.OutsideNodes.Remove(id))
            {
                throw new ServiceError("InvalidInstanceId", $"Instance id {id} is not valid.");
            }

            call.World.ManagedInstances.Remove(id);
        }

        broker.Disconnect(id);
        return [];
    }

    private static JsonObject Token(Credential credential) => new()
    {
        ["AccessKeyId"] = credential.AccessKeyId,
        ["SecretAccessKey"] = credential.SecretAccessKey,
        ["SessionToken"] = credential.SessionToken,
        ["TokenExpirationDate"] = credential.Expires,
        ["UpdateKeyPair"] = false,
    };

    private static ManagedInstanceRecord Caller(ApiCall call) =>
        call.Caller is { Only: not null, InstanceId: string id } && call.World.ManagedInstances.TryGetValue(id, out ManagedInstanceRecord? machine)
            ? machine
            : throw new ServiceError("AccessDeniedException", $"{call.Caller.Arn} did not sign with a managed instance's key.");

    private static byte[] Key(ApiCall call, string member) => MachineSignatures.ReadKey(call.Required(member))
        ?? throw new ServiceError("ValidationException", $"{member} must be an RSA key of 2048 bits or more, in DER and base64.");

    private static bool IsCode(ActivationRecord activation, string? code) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(activation.Code), Encoding.UTF8.GetBytes(code ?? ""));
}
