using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>Instance profiles and the role in them.</summary>
internal static class InstanceProfileOperations
{
    public static JsonObject Create(ApiCall call)
    {
        SandboxWorld world = call.World;
        string name = call.Required("InstanceProfileName");
        if (world.Profiles.ContainsKey(name))
        {
            throw IamErrors.AlreadyExists($"Instance Profile {name} already exists.");
        }

        string path = call.Text("Path") ?? "/";
        InstanceProfileRecord profile = new()
        {
            Name = name,
            Path = path,
            Id = world.Ids.Iam("AIPA"),
            Arn = $"arn:aws:iam::{world.AccountId}:instance-profile{path}{name}",
            Created = world.Now,
        };
        RoleOperations.SetTags(profile.Tags, call.Input.Tags("Tags"));
        world.Profiles.Add(name, profile);
        return Answer(call, profile);
    }

    public static JsonObject Get(ApiCall call) => Answer(call, call.Profile());

    public static JsonObject List(ApiCall call)
    {
        string prefix = call.Text("PathPrefix") ?? "/";
        return Listing(call, call.World.Profiles.Values.Where(profile => profile.Path.StartsWith(prefix, StringComparison.Ordinal)));
    }

    public static JsonObject ListForRole(ApiCall call)
    {
        RoleRecord role = call.Role();
        return Listing(call, call.World.Profiles.Values.Where(profile => Holds(profile, role)));
    }

    public static JsonObject Delete(ApiCall call)
    {
        InstanceProfileRecord profile = call.Profile();
        if (profile.RoleName is not null)
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must remove roles from instance profile first.");
        }

        call.World.Profiles.Remove(profile.Name);
        return [];
    }

    public static JsonObject AddRole(ApiCall call)
    {
        InstanceProfileRecord profile = call.Profile();
        RoleRecord role = call.Role();
        if (profile.RoleName is not null)
        {
            throw IamErrors.LimitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
        }

        profile.RoleName = role.Name;
        return [];
    }

    public static JsonObject RemoveRole(ApiCall call)
    {
        InstanceProfileRecord profile = call.Profile();
        RoleRecord role = call.Role();
        if (!Holds(profile, role))
        {
            throw IamErrors.NoSuchEntity($"The role with name {role.Name} cannot be found in instance profile {profile.Name}.");
        }

        profile.RoleName = null;
        return [];
    }

    public static JsonObject Tag(ApiCall call)
    {
        RoleOperations.SetTags(call.Profile().Tags, call.Input.Tags("Tags"));
        return [];
    }

    private static bool Holds(InstanceProfileRecord profile, RoleRecord role)
    {
        return string.Equals(profile.RoleName, role.Name, StringComparison.OrdinalIgnoreCase);
    }

    private static JsonObject Answer(ApiCall call, InstanceProfileRecord profile)
    {
        return new JsonObject { ["InstanceProfile"] = IamShapes.Of(profile, call.World, full: true) };
    }

    private static JsonObject Listing(ApiCall call, IEnumerable<InstanceProfileRecord> profiles)
    {
        return IamShapes.Listing(
            call, "InstanceProfiles", profiles, profile => profile.Name, profile => IamShapes.Of(profile, call.World, full: false));
    }
}
