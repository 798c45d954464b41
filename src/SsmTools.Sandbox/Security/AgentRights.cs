using System.Text.RegularExpressions;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Security;

/// <summary>Who may speak for which node.</summary>
internal static partial class AgentRights
{
    /// <summary>
    /// Whether a signer is the agent of a node: credentials that were handed to this very instance or machine, for the
    /// role that it has now; or the account's own user, for an id that nobody else has (an agent's custom identity).
    /// </summary>
    public static bool SpeaksFor(SandboxWorld world, Principal signer, string nodeId)
    {
        if (signer.Only is not null)
        {
            return false;
        }

        lock (world.Gate)
        {
            if (world.Instances.TryGetValue(nodeId, out InstanceRecord? instance))
            {
                return signer.InstanceId == nodeId && instance.State == InstanceState.Running
                    && world.AgentRoleOf(instance)?.Id == signer.RoleId;
            }

            if (world.ManagedInstances.TryGetValue(nodeId, out ManagedInstanceRecord? machine))
            {
                return signer.InstanceId == nodeId && world.Roles.TryGetValue(machine.RoleName, out RoleRecord? role)
                    && role.Id == signer.RoleId;
            }

            return signer.RoleName is null && !signer.IsUser && NodeId().IsMatch(nodeId);
        }
    }

    /// <summary>The pattern of InstanceId in the model of ssm.</summary>
    [GeneratedRegex("^(i-([0-9a-zA-Z_]{8}|[0-9a-zA-Z_]{17})|mi-[0-9a-zA-Z_]{17})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NodeId();
}
