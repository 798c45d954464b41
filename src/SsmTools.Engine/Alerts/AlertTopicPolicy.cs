using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Alerts;

/// <summary>The statement in a topic's policy that lets an alert's rules publish; what else is in there stays.</summary>
internal static class AlertTopicPolicy
{
    private const string Mark = "SsmToolsAlert-";

    /// <summary>The policy with the statement in place of an older one.</summary>
    public static string With(string? policy, string name, string topicArn, IEnumerable<string> ruleArns)
    {
        JsonObject document = Read(policy);
        List(document, name).Add(new JsonObject
        {
            ["Sid"] = Mark + name,
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["Service"] = "events.amazonaws.com" },
            ["Action"] = "sns:Publish",
            ["Resource"] = topicArn,
            ["Condition"] = new JsonObject
            {
                ["ArnEquals"] = new JsonObject
                {
                    ["aws:SourceArn"] = new JsonArray([.. ruleArns.Order(StringComparer.Ordinal).Select(arn => JsonValue.Create(arn))]),
                },
            },
        });
        return document.ToJsonString();
    }

    /// <summary>The policy without the statement; null where it has none.</summary>
    public static string? Without(string? policy, string name)
    {
        if (!Has(policy, sid => sid == Mark + name))
        {
            return null;
        }

        JsonObject document = Read(policy);
        List(document, name);
        return document.ToJsonString();
    }

    /// <summary>Whether another alert publishes there.</summary>
    public static bool HasOthers(string? policy, string name) =>
        Has(policy, sid => sid.StartsWith(Mark, StringComparison.Ordinal) && sid != Mark + name);

    private static bool Has(string? policy, Func<string, bool> wanted) => PolicyJson.Statements(policy)
        .SelectMany(statement => PolicyJson.Texts(statement, "Sid")).Any(wanted);

    private static JsonObject Read(string? policy)
    {
        try
        {
            return JsonNode.Parse(policy ?? "{}") as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    // The list of statements, ours taken out.
    private static JsonArray List(JsonObject document, string name)
    {
        document["Version"] ??= "2012-10-17";
        JsonArray statements = document["Statement"] switch
        {
            JsonArray many => new JsonArray([.. many.Select(one => one?.DeepClone())]),
            JsonNode one => new JsonArray(one.DeepClone()),
            _ => [],
        };
        foreach (JsonNode ours in statements.OfType<JsonObject>().Where(one => one["Sid"]?.ToString() == Mark + name).ToArray())
        {
            statements.Remove(ours);
        }

        document["Statement"] = statements;
        return statements;
    }
}
