using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>What a role may do: attached and inline policies.</summary>
internal static class RolePolicyOperations
{
    private const int MostAttached = 10;

    /// <summary>Of all inline policies of a role together; white space does not count.</summary>
    private const int MostCharacters = 10_240;

    public static JsonObject Attach(ApiCall call)
    {
        RoleRecord role = call.Role();
        string arn = call.Required("PolicyArn");
        if (!arn.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw IamErrors.InvalidInput($"ARN {arn} is not valid.");
        }

        if (!call.World.Policies.ContainsKey(arn))
        {
            throw IamErrors.NoSuchEntity($"Policy {arn} does not exist or is not attachable.");
        }

        if (!role.Attached.Contains(arn) && role.Attached.Count == MostAttached)
        {
            throw IamErrors.LimitExceeded("Cannot exceed quota for PoliciesPerRole: 10");
        }

        role.Attached.Add(arn);
        return [];
    }

    public static JsonObject Detach(ApiCall call)
    {
        string arn = call.Required("PolicyArn");
        return call.Role().Attached.Remove(arn) ? [] : throw IamErrors.NoSuchEntity($"Policy {arn} was not found.");
    }

    public static JsonObject ListAttached(ApiCall call)
    {
        string prefix = call.Text("PathPrefix") ?? "/";
        IEnumerable<PolicyRecord> policies = call.Role().Attached
            .Select(arn => call.World.Policies.GetValueOrDefault(arn))
            .OfType<PolicyRecord>()
            .Where(policy => policy.Path.StartsWith(prefix, StringComparison.Ordinal));
        return IamShapes.Listing(
            call, "AttachedPolicies", policies, policy => policy.Arn,
            policy => new JsonObject { ["PolicyName"] = policy.Name, ["PolicyArn"] = policy.Arn });
    }

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
