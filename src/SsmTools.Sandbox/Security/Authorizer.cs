using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Security;

/// <summary>Whether a principal may do what it asks for.</summary>
internal static class Authorizer
{
    /// <summary>Throws the protocol's refusal when the principal is a role whose policies do not allow the action.</summary>
    /// <param name="world">The account.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="action">For example <c>ssmmessages:OpenDataChannel</c>.</param>
    /// <param name="protocol">Of the answer.</param>
    /// <param name="resource">The ARN that it is done to, where policies are asked for that, too; null: for any.</param>
    public static void Check(SandboxWorld world, Principal principal, string action, WireProtocol protocol, string? resource = null)
    {
        if (IsAllowed(world, principal, action, resource))
        {
            return;
        }

        string detail = $"User: {principal.Arn} is not authorized to perform: {action}{(resource is null ? "" : $" on resource: {resource}")} because no identity-based policy allows the {action} action";
        throw SignatureErrors.Create(
            SignatureFault.Denied, protocol, protocol == WireProtocol.Ec2 ? $"You are not authorized to perform this operation. {detail}" : detail);
    }

    public static bool IsAllowed(SandboxWorld world, Principal principal, string action, string? resource = null)
    {
        if (principal.Only is { } only)
        {
            return only.Contains(action);
        }

        lock (world.Gate)
        {
            return principal.RoleName is not string name
                || (world.Roles.TryGetValue(name, out RoleRecord? role) && role.Id == principal.RoleId
                    && RoleRights.Allows(world, role, action, resource));
        }
    }
}
