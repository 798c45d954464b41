using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>What a role may do: attached and inline policies.</summary>
internal static class RolePolicyOperations
{
    /// <summary>Of all inline policies of a role together; white space does not count.</summary>
    private const int MostCharacters = 10_240;

    public static JsonObject Attach(ApiCall call) => PolicyAttachments.Attach(call, call.Role().Attached, "PoliciesPerRole");

    public static JsonObject Detach(ApiCall call) => PolicyAttachments.Detach(call, call.Role().Attached);

    public static JsonObject ListAttached(ApiCall call) => PolicyAttachments.List(call, call.Role().Attached);

    public static JsonObject Put(ApiCall call)
    {
        RoleRecord role = call.Role();
        string document = call.Required("PolicyDocument");
        string name = call.Required("PolicyName");
        PolicyCheck.Identity(document);
        int characters = role.Inline.Where(one => one.Key != name).Sum(one => Length(one.Value)) + Length(document);
        if (characters > MostCharacters)
        {
            throw IamErrors.LimitExceeded($"Maximum policy size of {MostCharacters} bytes exceeded for role {role.Name}");
        }

        role.Inline[name] = document;
        return [];
    }

    public static JsonObject Get(ApiCall call)
    {
        RoleRecord role = call.Role();
        string name = call.Required("PolicyName");
        return role.Inline.TryGetValue(name, out string? document)
            ? new JsonObject { ["RoleName"] = role.Name, ["PolicyName"] = name, ["PolicyDocument"] = IamShapes.Document(document) }
            : throw Missing(name);
    }

    public static JsonObject List(ApiCall call)
    {
        return IamShapes.Listing(call, "PolicyNames", call.Role().Inline.Keys, name => name, name => JsonValue.Create(name));
    }

    public static JsonObject Delete(ApiCall call)
    {
        string name = call.Required("PolicyName");
        return call.Role().Inline.Remove(name) ? [] : throw Missing(name);
    }

    private static int Length(string document) => document.Count(character => !char.IsWhiteSpace(character));

    private static ServiceError Missing(string name) => IamErrors.NoSuchEntity($"The role policy with name {name} cannot be found.");
}
