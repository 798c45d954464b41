using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>Users and their access keys. The user that the sandbox begins with is none of these: it may do everything.</summary>
internal sealed class UserOperations(CredentialStore credentials)
{
    private const int MostKeys = 2;

    public static JsonObject Create(ApiCall call)
    {
        SandboxWorld world = call.World;
        string name = call.Required("UserName");
        if (world.Users.ContainsKey(name))
        {
            throw IamErrors.AlreadyExists($"User with name {name} already exists.");
        }

        string? boundary = call.Text("PermissionsBoundary");
        if (boundary is not null && !world.Policies.ContainsKey(boundary))
        {
            throw IamErrors.NoSuchEntity($"Policy {boundary} was not found.");
        }

        string path = call.Text("Path") ?? "/";
        UserRecord user = new()
        {
            Name = name,
            Path = path,
            Id = world.Ids.Iam("AIDA"),
            Arn = $"arn:aws:iam::{world.AccountId}:user{path}{name}",
            Created = world.Now,
            PermissionsBoundaryArn = boundary,
        };
        foreach ((string key, string value) in call.Input.Tags("Tags"))
        {
            user.Tags[key] = value;
        }

        world.Users.Add(name, user);
        return new JsonObject { ["User"] = IamShapes.Of(user) };
    }

    public static JsonObject Get(ApiCall call) => new()
    {
        ["User"] = IamShapes.Of(call.Text("UserName") is null ? Self(call) : call.User()),
    };

    public static JsonObject List(ApiCall call) => IamShapes.Listing(
        call, "Users", call.World.Users.Values.Where(user => user.Path.StartsWith(call.Text("PathPrefix") ?? "/", StringComparison.Ordinal)),
        user => user.Name, IamShapes.Of);

    public static JsonObject Delete(ApiCall call)
    {
        UserRecord user = call.User();
        if (user.Attached.Count > 0)
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must detach all policies first.");
        }

        if (user.AccessKeys.Count > 0)
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must delete access keys first.");
        }

        if (call.World.Groups.Values.Any(group => group.Members.Contains(user.Name)))
        {
            throw IamErrors.DeleteConflict("Cannot delete entity, must remove users from group first.");
        }

        call.World.Users.Remove(user.Name);
        return [];
    }

    public static JsonObject Attach(ApiCall call) => PolicyAttachments.Attach(call, call.User().Attached, "PoliciesPerUser");

    public static JsonObject Detach(ApiCall call) => PolicyAttachments.Detach(call, call.User().Attached);

    public static JsonObject ListAttached(ApiCall call) => PolicyAttachments.List(call, call.User().Attached);

    public JsonObject CreateKey(ApiCall call)
    {
        UserRecord user = call.Text("UserName") is null ? Self(call) : call.User();
        if (user.AccessKeys.Count == MostKeys)
        {
            throw IamErrors.LimitExceeded($"Cannot exceed quota for AccessKeysPerUser: {MostKeys}");
        }

        Credential key = credentials.IssueUser(user);
        user.AccessKeys.Add(key.AccessKeyId);
        return new JsonObject
        {
            ["AccessKey"] = new JsonObject
            {
                ["UserName"] = user.Name,
                ["AccessKeyId"] = key.AccessKeyId,
                ["Status"] = "Active",
                ["SecretAccessKey"] = key.SecretAccessKey,
                ["CreateDate"] = call.World.Now,
            },
        };
    }

    public JsonObject DeleteKey(ApiCall call)
    {
        UserRecord user = call.Text("UserName") is null ? Self(call) : call.User();
        string id = call.Required("AccessKeyId");
        if (!user.AccessKeys.Remove(id))
        {
            throw IamErrors.NoSuchEntity($"The Access Key with id {id} cannot be found.");
        }

        credentials.Revoke(id);
        return [];
    }

    private static UserRecord Self(ApiCall call) => call.World.Users.Values.FirstOrDefault(one => one.Id == call.Caller.UserId)
        ?? throw IamErrors.InvalidInput("Must specify userName when calling with non-User credentials");
}
