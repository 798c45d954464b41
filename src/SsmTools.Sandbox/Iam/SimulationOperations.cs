using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>IAM's word on what policies allow, by the same reading of them that decides here.</summary>
internal static class SimulationOperations
{
    public static JsonObject SimulateCustom(ApiCall call)
    {
        IReadOnlyList<string> documents = call.Input.Texts("PolicyInputList");
        foreach (string document in documents)
        {
            PolicyCheck.Identity(document);
        }

        return Answer(call, new IdentityPolicies(documents, call.Input.Texts("PermissionsBoundaryPolicyInputList") is [string one] ? one : null));
    }

    public static JsonObject SimulatePrincipal(ApiCall call)
    {
        IdentityPolicies policies = Find(call.World, call.Required("PolicySourceArn"));
        return Answer(call, policies with { Documents = [.. policies.Documents, .. call.Input.Texts("PolicyInputList")] });
    }

    private static IdentityPolicies Find(SandboxWorld world, string arn)
    {
        if (world.Roles.Values.FirstOrDefault(one => one.Arn == arn) is { } role)
        {
            return IdentityPolicies.Of(world, role);
        }

        if (world.Users.Values.FirstOrDefault(one => one.Arn == arn) is { } user)
        {
            return IdentityPolicies.Of(world, user);
        }

        return world.Groups.Values.FirstOrDefault(one => one.Arn == arn) is { } group
            ? IdentityPolicies.Of(world, group)
            : throw IamErrors.NoSuchEntity($"The entity {arn} cannot be found.");
    }

    private static JsonObject Answer(ApiCall call, IdentityPolicies policies)
    {
        IReadOnlyList<string> resources = call.Input.Texts("ResourceArns") is { Count: > 0 } given ? given : ["*"];
        IEnumerable<(int Index, string Action, string Resource)> asked = call.Input.Texts("ActionNames")
            .SelectMany(action => resources.Select(resource => (action, resource)))
            .Select((one, index) => (index, one.action, one.resource));
        return IamShapes.Listing(
            call, "EvaluationResults", asked, one => Paging.Key(one.Index), one => Result(call, policies, one.Action, one.Resource));
    }

    private static JsonObject Result(ApiCall call, IdentityPolicies policies, string action, string resource)
    {
        PolicyQuestion question = new(action, resource);
        foreach (JsonObject entry in call.Input.Parts("ContextEntries"))
        {
            question.With(entry.Text("ContextKeyName") ?? "", [.. entry.Texts("ContextKeyValues")]);
        }

        PolicyVerdict verdict = policies.Decide(question);
        return new JsonObject
        {
            ["EvalActionName"] = action,
            ["EvalResourceName"] = resource,
            ["EvalDecision"] = verdict switch
            {
                PolicyVerdict.Allowed => "allowed",
                PolicyVerdict.ExplicitDeny => "explicitDeny",
                _ => "implicitDeny",
            },
            ["MatchedStatements"] = new JsonArray(),
            ["MissingContextValues"] = question.Missing.ToJson(),
        };
    }
}
