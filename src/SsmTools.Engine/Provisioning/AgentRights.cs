using System.IO.Enumeration;
using System.Text.Json;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// Whether policies give what an agent cannot do without. Read here, without asking AWS: conditions of what is allowed are
/// taken to hold, and a denial counts only where it has none and is for everything.
/// </summary>
internal static class AgentRights
{
    /// <summary>Those of <see cref="AgentActions.All"/> that the policies do not give.</summary>
    /// <param name="documents">The role's policies, or the boundary alone.</param>
    public static IReadOnlyList<string> Missing(IReadOnlyCollection<string> documents)
    {
        List<JsonElement> statements = [.. documents.SelectMany(PolicyJson.Statements)];
        return [.. AgentActions.All.Where(action => !Allows(statements, action))];
    }

    private static bool Allows(List<JsonElement> statements, string action)
    {
        bool allowed = false;
        foreach (JsonElement statement in statements.Where(statement => Names(statement, action)))
        {
            if (PolicyJson.Texts(statement, "Effect") is ["Deny"])
            {
                if (!statement.TryGetProperty("Condition", out _) && PolicyJson.Texts(statement, "Resource").Contains("*"))
                {
                    return false;
                }
            }
            else
            {
                allowed |= PolicyJson.Texts(statement, "Effect") is ["Allow"] && Reaches(statement, action);
            }
        }

        return allowed;
    }

    private static bool Names(JsonElement statement, string action) =>
        statement.TryGetProperty("NotAction", out _)
            ? !PolicyJson.Texts(statement, "NotAction").Any(pattern => Matches(pattern, action))
            : PolicyJson.Texts(statement, "Action").Any(pattern => Matches(pattern, action));

    // A bucket's objects are nothing that an agent registers, whatever may be done to them.
    private static bool Reaches(JsonElement statement, string action)
    {
        if (statement.TryGetProperty("NotResource", out _))
        {
            return !PolicyJson.Texts(statement, "NotResource").Contains("*");
        }

        string[] services = action.StartsWith("ssm:", StringComparison.Ordinal) ? ["ssm", "ec2"] : ["ssmmessages"];
        return PolicyJson.Texts(statement, "Resource").Any(resource =>
            resource.Split(':') is var fields
            && (fields.Length < 3 ? resource.Contains('*', StringComparison.Ordinal) : services.Any(one => Matches(fields[2], one))));
    }

    private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text);
}
