using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>Finds what a call names, or refuses it in IAM's words.</summary>
internal static class IamFinding
{
    public static RoleRecord Role(this ApiCall call)
    {
        string name = call.Required("RoleName");
        return call.World.Roles.TryGetValue(name, out RoleRecord? role)
            ? role
            : throw IamErrors.NoSuchEntity($"The role with name {name} cannot be found.");
    }

    public static UserRecord User(this ApiCall call)
    {
        string name = call.Required("UserName");
        return call.World.Users.TryGetValue(name, out UserRecord? user)
            ? user
            : throw IamErrors.NoSuchEntity($"The user with name {name} cannot be found.");
    }

    public static GroupRecord Group(this ApiCall call)
    {
        string name = call.Required("GroupName");
        return call.World.Groups.TryGetValue(name, out GroupRecord? group)
            ? group
            : throw IamErrors.NoSuchEntity($"The group with name {name} cannot be found.");
    }

    public static InstanceProfileRecord Profile(this ApiCall call)
    {
        string name = call.Required("InstanceProfileName");
        return call.World.Profiles.TryGetValue(name, out InstanceProfileRecord? profile)
            ? profile
            : throw IamErrors.NoSuchEntity($"Instance Profile {name} cannot be found.");
    }

    public static PolicyRecord Policy(this ApiCall call)
    {
        string arn = call.Required("PolicyArn");
        return arn.StartsWith("arn:", StringComparison.Ordinal)
            ? call.World.Policies.GetValueOrDefault(arn) ?? throw IamErrors.NoSuchEntity($"Policy {arn} was not found.")
            : throw IamErrors.InvalidInput($"ARN {arn} is not valid.");
    }
}
