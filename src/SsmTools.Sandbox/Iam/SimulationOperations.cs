using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>IAM's word on what a role may do, by the same reading of policies that decides here.</summary>
internal static class SimulationOperations
{
    public static JsonObject SimulatePrincipal(ApiCall call)
    {
        string arn = call.Required("PolicySourceArn");
        RoleRecord role = call.World.Roles.Values.FirstOrDefault(one => one.Arn == arn)
            ?? throw IamErrors.NoSuchEntity($"The entity {arn} cannot be found.");
        IReadOnlyList<string> resources = call.Input.Texts("ResourceArns") is { Count: > 0 } given ? given : ["*"];
        IEnumerable<JsonNode?> results =
            from action in call.Input.Texts("ActionNames")
            from resource in resources
            select new JsonObject
            {
                ["EvalActionName"] = action,
                ["EvalResourceName"] = resource,
                ["EvalDecision"] = Decision(call.World, role, action),
                ["MatchedStatements"] = new JsonArray(),
                ["MissingContextValues"] = new JsonArray(),
            };
        return new JsonObject { ["EvaluationResults"] = new JsonArray([.. results]), ["IsTruncated"] = false };
    }

    private static string Decision(SandboxWorld world, RoleRecord role, string action)
    {
        return RoleRights.Allows(world, role, action) ? "allowed" : "implicitDeny";
    }
}
