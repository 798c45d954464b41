using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>Managed policies on roles, users and groups: the same rules for all three.</summary>
internal static class PolicyAttachments
{
    private const int Most = 10;

    public static JsonObject Attach(ApiCall call, SortedSet<string> attached, string quota)
    {
        string arn = call.Required("PolicyArn");
        if (!arn.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw IamErrors.InvalidInput($"ARN {arn} is not valid.");
        }

        if (!call.World.Policies.ContainsKey(arn))
        {
            throw IamErrors.NoSuchEntity($"Policy {arn} does not exist or is not attachable.");
        }

        if (!attached.Contains(arn) && attached.Count == Most)
        {
            throw IamErrors.LimitExceeded($"Cannot exceed quota for {quota}: {Most}");
        }

        attached.Add(arn);
        return [];
    }

    public static JsonObject Detach(ApiCall call, SortedSet<string> attached)
    {
        string arn = call.Required("PolicyArn");
        return attached.Remove(arn) ? [] : throw IamErrors.NoSuchEntity($"Policy {arn} was not found.");
    }

    public static JsonObject List(ApiCall call, SortedSet<string> attached)
    {
        string prefix = call.Text("PathPrefix") ?? "/";
        IEnumerable<PolicyRecord> policies = attached
            .Select(arn => call.World.Policies.GetValueOrDefault(arn))
            .OfType<PolicyRecord>()
            .Where(policy => policy.Path.StartsWith(prefix, StringComparison.Ordinal));
        return IamShapes.Listing(
            call, "AttachedPolicies", policies, policy => policy.Arn,
            policy => new JsonObject { ["PolicyName"] = policy.Name, ["PolicyArn"] = policy.Arn });
    }

    /// <summary>Whom a policy is attached to: Role, User or Group, the name and the id.</summary>
    public static IEnumerable<(string Kind, string Name, string Id)> Holders(SandboxWorld world, PolicyRecord policy) =>
    [
        .. world.Roles.Values.Where(role => role.Attached.Contains(policy.Arn)).Select(role => ("Role", role.Name, role.Id)),
        .. world.Users.Values.Where(user => user.Attached.Contains(policy.Arn)).Select(user => ("User", user.Name, user.Id)),
        .. world.Groups.Values.Where(group => group.Attached.Contains(policy.Arn)).Select(group => ("Group", group.Name, group.Id)),
    ];

    /// <summary>Whose permissions boundary a policy is.</summary>
    public static IEnumerable<(string Kind, string Name, string Id)> Bounded(SandboxWorld world, PolicyRecord policy) =>
    [
        .. world.Roles.Values.Where(role => role.PermissionsBoundaryArn == policy.Arn).Select(role => ("Role", role.Name, role.Id)),
        .. world.Users.Values.Where(user => user.PermissionsBoundaryArn == policy.Arn).Select(user => ("User", user.Name, user.Id)),
    ];
}
