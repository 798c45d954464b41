using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>
/// A policy. <see cref="Decide"/> reads all of it; <see cref="Allows"/>, for who knows no resource, reads it simply: effects,
/// actions and their wildcards count, resources do not, and conditions only so far that a Deny which has one does not apply.
/// </summary>
internal sealed class PolicyDocument
{
    private readonly List<JsonObject> _statements;

    private PolicyDocument(List<JsonObject> statements)
    {
        _statements = statements;
    }

    public IReadOnlyList<JsonObject> Statements => _statements;

    /// <summary>Reads a document, or answers null when it is not one.</summary>
    public static PolicyDocument? Parse(string text)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text);
            Visit(node);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Not JSON, or a key that occurs twice.
            return null;
        }

        if (node is not JsonObject document)
        {
            return null;
        }

        return document["Statement"] switch
        {
            JsonObject one => new PolicyDocument([one]),
            JsonArray many when many.All(item => item is JsonObject) => new PolicyDocument([.. many.Select(item => (JsonObject)item!)]),
            _ => null,
        };
    }

    /// <summary>One or many strings under a key.</summary>
    public static IReadOnlyList<string> Strings(JsonNode? node)
    {
        return node switch
        {
            JsonValue value when value.TryGetValue(out string? text) => [text],
            JsonArray array => [.. array.OfType<JsonValue>().Select(item => item.TryGetValue(out string? text) ? text : "")],
            _ => [],
        };
    }

    /// <summary>One or many values under a key, booleans and numbers as JSON writes them.</summary>
    public static IReadOnlyList<string> Texts(JsonNode? node) => node switch
    {
        JsonArray array => [.. array.SelectMany(Texts)],
        JsonValue value => [value.TryGetValue(out string? text) ? text : value.ToJsonString()],
        _ => [],
    };

    /// <summary>What the documents say of a request: actions, resources, conditions and variables count.</summary>
    public static PolicyVerdict Decide(IEnumerable<string> documents, PolicyQuestion question)
    {
        PolicyVerdict verdict = PolicyVerdict.ImplicitDeny;
        foreach (JsonObject statement in documents.Select(Parse).OfType<PolicyDocument>().SelectMany(document => document._statements))
        {
            if (!Covers(statement, question.Action) || !CoversResource(statement, question)
                || !PolicyConditions.Hold(statement["Condition"], question))
            {
                continue;
            }

            if (IsDeny(statement))
            {
                return PolicyVerdict.ExplicitDeny;
            }

            verdict = PolicyVerdict.Allowed;
        }

        return verdict;
    }

    /// <summary>Whether any of the documents allows the action and none denies it.</summary>
    public static bool Allows(IEnumerable<string> documents, string action)
    {
        bool allowed = false;
        foreach (PolicyDocument document in documents.Select(Parse).OfType<PolicyDocument>())
        {
            foreach (JsonObject statement in document._statements.Where(statement => Covers(statement, action)))
            {
                if (IsDeny(statement))
                {
                    if (!statement.ContainsKey("Condition"))
                    {
                        return false;
                    }
                }
                else
                {
                    allowed = true;
                }
            }
        }

        return allowed;
    }

    /// <summary>Whether a trust policy lets a service take the role.</summary>
    public static bool Trusts(string trustPolicy, string service) => Admits(trustPolicy, "Service", [service]);

    /// <summary>Whether a trust policy lets an account's user or root take the role.</summary>
    public static bool TrustsAccount(string trustPolicy, string accountId, string principalArn)
    {
        return Admits(trustPolicy, "AWS", [accountId, $"arn:aws:iam::{accountId}:root", principalArn]);
    }

    private static bool Admits(string trustPolicy, string kind, string[] names)
    {
        bool admitted = false;
        foreach (JsonObject statement in Parse(trustPolicy)?._statements ?? [])
        {
            bool matches = statement["Principal"] switch
            {
                JsonObject principal => Strings(principal[kind]).Any(name => name == "*" || names.Contains(name, StringComparer.Ordinal)),
                JsonValue value => value.TryGetValue(out string? text) && text == "*" && kind == "AWS",
                _ => false,
            };
            if (!matches || !Covers(statement, "sts:AssumeRole"))
            {
                continue;
            }

            if (IsDeny(statement))
            {
                return false;
            }

            admitted = true;
        }

        return admitted;
    }

    private static bool IsDeny(JsonObject statement) => Strings(statement["Effect"]) is ["Deny"];

    private static bool Covers(JsonObject statement, string action)
    {
        return statement.ContainsKey("NotAction")
            ? !Strings(statement["NotAction"]).Any(pattern => Matches(pattern, action))
            : Strings(statement["Action"]).Any(pattern => Matches(pattern, action));
    }

    private static bool CoversResource(JsonObject statement, PolicyQuestion question) => statement.ContainsKey("NotResource")
        ? !Strings(statement["NotResource"]).Any(pattern => PolicyPattern.Covers(pattern, question.Resource, question))
        : Strings(statement["Resource"]).Any(pattern => PolicyPattern.Covers(pattern, question.Resource, question));

    private static bool Matches(string pattern, string action)
    {
        return FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true);
    }

    /// <summary>Looks at every key once: keys that occur twice are found only then.</summary>
    private static void Visit(JsonNode? node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject structure => structure.Select(pair => pair.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (JsonNode? child in children)
        {
            Visit(child);
        }
    }
}
