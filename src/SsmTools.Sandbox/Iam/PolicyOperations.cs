using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>Managed policies.</summary>
internal static class PolicyOperations
{
    public static JsonObject Create(ApiCall call)
    {
        SandboxWorld world = call.World;
        string name = call.Required("PolicyName");
        string path = call.Text("Path") ?? "/";
        string document = call.Required("PolicyDocument");
        PolicyCheck.Identity(document);
        PolicyCheck.Size(document);
        string arn = $"arn:aws:iam::{world.AccountId}:policy{path}{name}";
        if (world.Policies.Values.Any(one => !one.OwnedByAws && string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            throw IamErrors.AlreadyExists($"A policy called {name} already exists. Duplicate names are not allowed.");
        }

        PolicyRecord policy = new()
        {
            Name = name,
            Path = path,
            Id = world.Ids.Iam("ANPA"),
            Arn = arn,
            Created = world.Now,
            Description = call.Text("Description"),
            Versions = { [1] = document },
        };
        Tag(policy, call);
        world.Policies.Add(arn, policy);
        return Answer(call, policy);
    }

    public static JsonObject Get(ApiCall call) => Answer(call, call.Policy());

    public static JsonObject List(ApiCall call)
    {
        string scope = call.Text("Scope") ?? "All";
        string prefix = call.Text("PathPrefix") ?? "/";
        IEnumerable<PolicyRecord> policies = call.World.Policies.Values
            .Where(policy => scope == "All" || policy.OwnedByAws == (scope == "AWS"))
            .Where(policy => policy.Path.StartsWith(prefix, StringComparison.Ordinal));
        if (call.Input.Flag("OnlyAttached") == true)
        {
            policies = policies.Where(policy => IsUsed(call.World, policy));
        }

        return IamShapes.Listing(call, "Policies", policies, policy => policy.Arn, policy => IamShapes.Of(policy, call.World, full: false));
    }

    public static JsonObject Delete(ApiCall call)
    {
        PolicyRecord policy = call.Policy();
        if (policy.OwnedByAws)
        {
            throw new ServiceError("AccessDenied", $"{call.Caller.Arn} is not authorized to perform: iam:DeletePolicy on {policy.Arn}", 403);
        }

        if (IsUsed(call.World, policy))
        {
            throw IamErrors.DeleteConflict("Cannot delete a policy attached to entities.");
        }

        if (policy.Versions.Count > 1)
        {
            throw IamErrors.DeleteConflict("This policy has more than one version. Before you delete a policy, you must delete the policy's "
                + "versions. The default version is deleted with the policy.");
        }

        call.World.Policies.Remove(policy.Arn);
        return [];
    }

    public static JsonObject ListEntities(ApiCall call)
    {
        PolicyRecord policy = call.Policy();
        string? kind = call.Text("EntityFilter");
        IEnumerable<(string Kind, string Name, string Id)> holders = call.Text("PolicyUsageFilter") == "PermissionsBoundary"
            ? PolicyAttachments.Bounded(call.World, policy)
            : PolicyAttachments.Holders(call.World, policy);
        (IReadOnlyList<(string Kind, string Name, string Id)> page, string? next) = Paging.Page(
            holders.Where(one => kind is null || one.Kind == kind),
            one => $"{one.Kind}/{one.Name}", "PolicyEntities", call.Input.Int("MaxItems") ?? 100, call.Text("Marker"), IamErrors.BadMarker);
        JsonObject answer = new() { ["IsTruncated"] = next is not null, ["Marker"] = next };
        foreach (string one in new[] { "Group", "User", "Role" })
        {
            answer[$"Policy{one}s"] = page.Where(holder => holder.Kind == one)
                .ToJson(holder => new JsonObject { [$"{one}Name"] = holder.Name, [$"{one}Id"] = holder.Id });
        }

        return answer;
    }

    public static JsonObject SetTags(ApiCall call)
    {
        Tag(call.Policy(), call);
        return [];
    }

    public static JsonObject ListTags(ApiCall call) => IamShapes.Listing(
        call, "Tags", call.Policy().Tags, tag => tag.Key, tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value });

    private static void Tag(PolicyRecord policy, ApiCall call)
    {
        foreach ((string key, string value) in call.Input.Tags("Tags"))
        {
            policy.Tags[key] = value;
        }
    }

    private static bool IsUsed(SandboxWorld world, PolicyRecord policy) =>
        PolicyAttachments.Holders(world, policy).Concat(PolicyAttachments.Bounded(world, policy)).Any();

    private static JsonObject Answer(ApiCall call, PolicyRecord policy) => new() { ["Policy"] = IamShapes.Of(policy, call.World, full: true) };
}
