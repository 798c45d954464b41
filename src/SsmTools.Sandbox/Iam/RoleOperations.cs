using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>Roles themselves.</summary>
internal static class RoleOperations
{
    private const int MostTags = 50;

    public static JsonObject Create(ApiCall call)
    {
        SandboxWorld world = call.World;
        string name = call.Required("RoleName");
        string trust = call.Required("AssumeRolePolicyDocument");
        PolicyCheck.Trust(world, trust);
        if (world.Roles.ContainsKey(name))
        {
            throw IamErrors.AlreadyExists($"Role with name {name} already exists.");
        }

        string path = call.Text("Path") ?? "/";
        string? boundary = call.Text("PermissionsBoundary") is string arn ? Boundary(world, arn) : null;
        RoleRecord role = new()
        {
            Name = name,
            Path = path,
            Id = world.Ids.Iam("AROA"),
            Arn = $"arn:aws:iam::{world.AccountId}:role{path}{name}",
            Created = world.Now,
            TrustPolicy = trust,
            Description = call.Text("Description"),
            MaxSessionSeconds = call.Input.Int("MaxSessionDuration") ?? 3600,
            PermissionsBoundaryArn = boundary,
        };
        SetTags(role.Tags, call.Input.Tags("Tags"));
        world.Roles.Add(name, role);
        return new JsonObject { ["Role"] = IamShapes.Of(role, full: true) };
    }

    public static JsonObject Get(ApiCall call) => new() { ["Role"] = IamShapes.Of(call.Role(), full: true) };

    public static JsonObject List(ApiCall call)
    {
        string prefix = call.Text("PathPrefix") ?? "/";
        IEnumerable<RoleRecord> roles = call.World.Roles.Values.Where(role => role.Path.StartsWith(prefix, StringComparison.Ordinal));
        return IamShapes.Listing(call, "Roles", roles, role => role.Name, role => IamShapes.Of(role, full: false));
    }

    public static JsonObject Delete(ApiCall call)
    {
        RoleRecord role = call.Role();
        if (call.World.Profiles.Values.Any(profile => string.Equals(profile.RoleName, role.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must remove roles from instance profile first.");
        }

        if (role.Attached.Count > 0)
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must detach all policies first.");
        }

        if (role.Inline.Count > 0)
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must delete policies first.");
        }

        call.World.Roles.Remove(role.Name);
        return [];
    }

    public static JsonObject UpdateTrust(ApiCall call)
    {
        RoleRecord role = call.Role();
        string trust = call.Required("PolicyDocument");
        PolicyCheck.Trust(call.World, trust);
        role.TrustPolicy = trust;
        return [];
    }

    public static JsonObject PutBoundary(ApiCall call)
    {
        RoleRecord role = call.Role();
        role.PermissionsBoundaryArn = Boundary(call.World, call.Required("PermissionsBoundary"));
        return [];
    }

    public static JsonObject DeleteBoundary(ApiCall call)
    {
        RoleRecord role = call.Role();
        if (role.PermissionsBoundaryArn is null)
        {
            throw IamErrors.NoSuchEntity($"Role with name {role.Name} does not have a permissions boundary.");
        }

        role.PermissionsBoundaryArn = null;
        return [];
    }

    public static JsonObject Tag(ApiCall call)
    {
        SetTags(call.Role().Tags, call.Input.Tags("Tags"));
        return [];
    }

    public static JsonObject Untag(ApiCall call)
    {
        RoleRecord role = call.Role();
        foreach (string key in call.Input.Texts("TagKeys"))
        {
            role.Tags.Remove(key);
        }

        return [];
    }

    public static JsonObject ListTags(ApiCall call)
    {
        return IamShapes.Listing(
            call, "Tags", call.Role().Tags, tag => tag.Key, tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value });
    }

    /// <summary>Adds tags to those that are there; too many, or one key twice, is refused before any is set.</summary>
    public static void SetTags(SortedDictionary<string, string> tags, IReadOnlyList<KeyValuePair<string, string>> more)
    {
        if (more.DistinctBy(tag => tag.Key).Count() < more.Count)
        {
            throw IamErrors.InvalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
        }

        if (tags.Keys.Union(more.Select(tag => tag.Key)).Count() > MostTags)
        {
            throw IamErrors.LimitExceeded("The number of tags has reached the maximum limit.");
        }

        foreach ((string key, string value) in more)
        {
            tags[key] = value;
        }
    }

    private static string Boundary(SandboxWorld world, string arn)
    {
        if (!arn.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw IamErrors.InvalidInput($"ARN {arn} is not valid.");
        }

        return world.Policies.ContainsKey(arn)
            ? arn
            : throw IamErrors.NoSuchEntity($"Scope ARN: {arn} does not exist or is not attachable.");
    }
}
