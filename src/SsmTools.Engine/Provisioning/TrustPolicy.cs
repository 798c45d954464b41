using System.Text.Json;
using System.Text.RegularExpressions;

namespace SsmTools.Engine.Provisioning;

/// <summary>The policy that says who may assume a role, as far as AWS's services are concerned.</summary>
internal static class TrustPolicy
{
    /// <summary>The service principal of Systems Manager, the same in every partition.</summary>
    public const string SystemsManager = "ssm.amazonaws.com";

    private const string Action = "sts:AssumeRole";

    private static readonly string[] s_ec2 = ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"];

    /// <summary>The policy that the recipe asks for.</summary>
    /// <param name="partition">For example <c>aws</c>; EC2 has a name of its own in China.</param>
    public static string ForEc2(string partition) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"{{Ec2(partition)}}"},"Action":"{{Action}}"}]}""";

    /// <summary>The service principal of EC2.</summary>
    public static string Ec2(string partition) =>
        partition == "aws-cn" ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com";

    /// <summary>Whether EC2 may assume a role with this policy. Conditions are taken to hold.</summary>
    /// <param name="document">The policy, percent-encoded as IAM hands it out, or plain.</param>
    public static bool TrustsEc2(string? document) => Trusts(document, s_ec2);

    /// <summary>Whether a service may assume a role with this policy. Conditions are taken to hold.</summary>
    /// <param name="document">The policy, percent-encoded as IAM hands it out, or plain.</param>
    /// <param name="names">The service principal, by each of its names.</param>
    public static bool Trusts(string? document, params string[] names)
    {
        bool allowed = false;
        foreach (JsonElement statement in PolicyJson.Statements(document))
        {
            if (!Has(statement, "Action", IsAssumeRole) || !statement.TryGetProperty("Principal", out JsonElement who))
            {
                continue;
            }

            if (Has(statement, "Effect", effect => effect == "Deny"))
            {
                if (!statement.TryGetProperty("Condition", out _) && (IsEveryone(who) || IsOneOf(who)))
                {
                    return false;
                }
            }
            else
            {
                // A service is trusted by name only: "*" stands for accounts and users.
                allowed |= IsOneOf(who);
            }
        }

        return allowed;

        bool IsOneOf(JsonElement principal) =>
            principal.ValueKind == JsonValueKind.Object && Has(principal, "Service", name => names.Contains(name));
    }

    /// <summary>Who is trusted, for a message: <c>lambda.amazonaws.com, arn:aws:iam::1:root</c>.</summary>
    public static string Principals(string? document) =>
        PrincipalNames(document) is { Count: > 0 } names ? string.Join(", ", names) : "nobody";

    /// <summary>Who is trusted: services by name, accounts, roles and users by ARN.</summary>
    public static IReadOnlyList<string> PrincipalNames(string? document)
    {
        List<string> names = [];
        foreach (JsonElement statement in PolicyJson.Statements(document))
        {
            if (statement.TryGetProperty("Principal", out JsonElement principal))
            {
                names.AddRange(principal.ValueKind == JsonValueKind.Object
                    ? principal.EnumerateObject().SelectMany(member => Texts(member.Value))
                    : Texts(principal));
            }
        }

        return [.. names.Distinct()];
    }

    private static bool IsEveryone(JsonElement principal) =>
        principal.ValueKind == JsonValueKind.Object
            ? Has(principal, "AWS", name => name == "*")
            : Texts(principal).Contains("*");

    private static bool IsAssumeRole(string pattern) => Regex.IsMatch(
        Action,
        "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)
            .Replace("\\?", ".", StringComparison.Ordinal) + "$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static bool Has(JsonElement element, string name, Func<string, bool> test) =>
        element.TryGetProperty(name, out JsonElement value) && Texts(value).Any(test);

    private static IEnumerable<string> Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(Text).OfType<string>()
            : Text(value) is { } text ? [text] : [];

    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
