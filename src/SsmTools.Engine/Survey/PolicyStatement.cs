using System.IO.Enumeration;
using System.Text.Json;

namespace SsmTools.Engine.Survey;

/// <summary>
/// One statement of a policy, read simply: effects, actions, principals count; a condition is taken to hold where it
/// allows, and not to where it denies.
/// </summary>
internal sealed record PolicyStatement
{
    private PolicyStatement(JsonElement json)
    {
        IsDeny = Texts(json, "Effect").Contains("Deny");
        Actions = Texts(json, "Action");
        NotActions = json.TryGetProperty("NotAction", out _) ? Texts(json, "NotAction") : null;
        Resources = Texts(json, "Resource");
        HasCondition = json.TryGetProperty("Condition", out _);
        Principals = json.TryGetProperty("Principal", out JsonElement principal) ? PrincipalsOf(principal) : ["*"];
    }

    /// <summary>Whether it takes rights away.</summary>
    public bool IsDeny { get; }

    /// <summary>Whether it holds under conditions only.</summary>
    public bool HasCondition { get; }

    private List<string> Actions { get; }

    private List<string>? NotActions { get; }

    private List<string> Resources { get; }

    private List<string> Principals { get; }

    /// <summary>Reads a document; what is no JSON says nothing.</summary>
    public static IReadOnlyList<PolicyStatement> Parse(string document)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(document);
            return !parsed.RootElement.TryGetProperty("Statement", out JsonElement statement) ? []
                : statement.ValueKind == JsonValueKind.Array
                    ? [.. statement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => new PolicyStatement(item))]
                : statement.ValueKind == JsonValueKind.Object ? [new PolicyStatement(statement)]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Whether it speaks of an action, and of whoever calls it.</summary>
    /// <param name="action">For example <c>ssm:UpdateInstanceInformation</c>.</param>
    /// <param name="roleArn">Whose call it is; null where the statement is the role's own.</param>
    public bool Covers(string action, string? roleArn) => CoversAction(action) && CoversResource(action) && CoversPrincipal(roleArn);

    /// <summary>Whether it speaks of an action on a resource.</summary>
    /// <param name="action">For example <c>s3:PutObject</c>.</param>
    /// <param name="resource">An ARN, or the end of one; empty where it does not matter.</param>
    public bool CoversOn(string action, string resource) => CoversAction(action)
        && (resource.Length == 0 || Resources.Count == 0
            || Resources.Any(pattern => Matches(pattern, resource) || Matches(Tail(pattern, resource), resource)));

    /// <summary>The end of a pattern, where what it is held against is one.</summary>
    private static string Tail(string pattern, string resource) =>
        !resource.StartsWith("arn:", StringComparison.Ordinal) && pattern.Split(':', 6) is [.., string tail] parts && parts.Length == 6 ? tail : pattern;

    private bool CoversAction(string action) => NotActions is not null
        ? !NotActions.Any(pattern => Matches(pattern, action))
        : Actions.Any(pattern => Matches(pattern, action));

    // Channels know no resources: a statement that names some does not give them.
    private bool CoversResource(string action) =>
        IsDeny || Resources.Count == 0 || !action.StartsWith("ssmmessages:", StringComparison.Ordinal) || Resources.Contains("*");

    private bool CoversPrincipal(string? roleArn) =>
        string.IsNullOrEmpty(roleArn) || Principals.Any(principal => principal == "*" || principal == roleArn || IsAccountOf(principal, roleArn));

    private static bool IsAccountOf(string principal, string roleArn)
    {
        string[] parts = roleArn.Split(':');
        return parts.Length > 4 && (principal == parts[4] || principal == $"{parts[0]}:{parts[1]}:iam::{parts[4]}:root");
    }

    private static bool Matches(string pattern, string action) =>
        FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true);

    private static List<string> PrincipalsOf(JsonElement principal) => principal.ValueKind == JsonValueKind.Object
        ? [.. principal.EnumerateObject().Where(member => member.Name == "AWS").SelectMany(member => Texts(member.Value))]
        : Texts(principal);

    private static List<string> Texts(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) ? Texts(value) : [];

    private static List<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        _ => [],
    };
}
