using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>Groups of users.</summary>
internal static class GroupOperations
{
    public static JsonObject Create(ApiCall call)
    {
        SandboxWorld world = call.World;
        string name = call.Required("GroupName");
        if (world.Groups.ContainsKey(name))
        {
            throw IamErrors.AlreadyExists($"Group with name {name} already exists.");
        }

        string path = call.Text("Path") ?? "/";
        GroupRecord group = new()
        {
            Name = name,
            Path = path,
            Id = world.Ids.Iam("AGPA"),
            Arn = $"arn:aws:iam::{world.AccountId}:group{path}{name}",
            Created = world.Now,
        };
        world.Groups.Add(name, group);
        return new JsonObject { ["Group"] = IamShapes.Of(group) };
    }

    public static JsonObject Get(ApiCall call)
    {
        GroupRecord group = call.Group();
        IEnumerable<UserRecord> users = call.World.Users.Values.Where(user => group.Members.Contains(user.Name));
        JsonObject answer = IamShapes.Listing(call, "Users", users, user => user.Name, IamShapes.Of);
        answer["Group"] = IamShapes.Of(group);
        return answer;
    }

    public static JsonObject List(ApiCall call) => IamShapes.Listing(
        call, "Groups", call.World.Groups.Values, group => group.Name, IamShapes.Of);

    public static JsonObject Delete(ApiCall call)
    {
        GroupRecord group = call.Group();
        if (group.Attached.Count > 0 || group.Members.Count > 0)
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must detach all policies and remove all users first.");
        }

        call.World.Groups.Remove(group.Name);
        return [];
    }

    public static JsonObject AddUser(ApiCall call)
    {
        call.Group().Members.Add(call.User().Name);
        return [];
    }

    public static JsonObject RemoveUser(ApiCall call)
    {
        call.Group().Members.Remove(call.User().Name);
        return [];
    }

    public static JsonObject ListForUser(ApiCall call)
    {
        string name = call.User().Name;
        return IamShapes.Listing(
            call, "Groups", call.World.Groups.Values.Where(group => group.Members.Contains(name)), group => group.Name, IamShapes.Of);
    }

    public static JsonObject Attach(ApiCall call) => PolicyAttachments.Attach(call, call.Group().Attached, "PoliciesPerGroup");

    public static JsonObject Detach(ApiCall call) => PolicyAttachments.Detach(call, call.Group().Attached);

    public static JsonObject ListAttached(ApiCall call) => PolicyAttachments.List(call, call.Group().Attached);
}
