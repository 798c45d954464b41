using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>What IAM says of documents that are none.</summary>
internal static class PolicyCheck
{
    private const int MostCharacters = 6144;

    /// <summary>A trust policy: statements with principals and without resources.</summary>
    public static void Trust(SandboxWorld world, string text)
    {
        foreach (JsonObject statement in Statements(text, "This policy contains invalid Json"))
        {
            if (statement.ContainsKey("Resource") || statement.ContainsKey("NotResource"))
            {
                throw IamErrors.Malformed("Has prohibited field Resource");
            }

            if (!statement.ContainsKey("Principal") && !statement.ContainsKey("NotPrincipal"))
            {
                throw IamErrors.Malformed("Missing required field Principal");
            }

            if (PolicyDocument.Strings(statement["Action"]).Any(action => action != "*" && !action.StartsWith("sts:", StringComparison.OrdinalIgnoreCase)))
            {
                throw IamErrors.Malformed("AssumeRole policy may only specify STS AssumeRole actions.");
            }

            Principals(world, statement["Principal"]);
        }
    }

    /// <summary>An identity policy: statements with resources and without principals.</summary>
    public static void Identity(string text)
    {
        foreach (JsonObject statement in Statements(text, "Syntax errors in policy."))
        {
            if (statement.ContainsKey("Principal") || statement.ContainsKey("NotPrincipal"))
            {
                throw IamErrors.Malformed("Policy document should not specify a principal.");
            }

            if (!statement.ContainsKey("Resource") && !statement.ContainsKey("NotResource"))
            {
                throw IamErrors.Malformed("Policy statement must contain resources.");
            }

            foreach (string action in PolicyDocument.Strings(statement["Action"] ?? statement["NotAction"]))
            {
                if (action != "*" && action.Split(':') is not [{ Length: > 0 }, { Length: > 0 }])
                {
                    throw IamErrors.Malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
                }
            }
        }
    }

    /// <summary>The length of a managed policy; white space does not count.</summary>
    public static void Size(string text)
    {
        if (text.Count(character => !char.IsWhiteSpace(character)) > MostCharacters)
        {
            throw IamErrors.LimitExceeded($"Cannot exceed quota for PolicySize: {MostCharacters}");
        }
    }

    private static IReadOnlyList<JsonObject> Statements(string text, string syntaxError)
    {
        PolicyDocument document = Read(text) ?? throw IamErrors.Malformed(syntaxError);
        if (document.Statements.Count == 0)
        {
            throw IamErrors.Malformed("Syntax errors in policy.");
        }

        foreach (JsonObject statement in document.Statements)
        {
            if (PolicyDocument.Strings(statement["Effect"]) is not ["Allow" or "Deny"])
            {
                throw IamErrors.Malformed("Syntax errors in policy.");
            }

            if (PolicyDocument.Strings(statement["Action"] ?? statement["NotAction"]).Count == 0)
            {
                throw IamErrors.Malformed("Policy statement must contain actions.");
            }
        }

        return document.Statements;
    }

    private static PolicyDocument? Read(string text)
    {
        PolicyDocument? document = PolicyDocument.Parse(text);
        return document is not null && JsonNode.Parse(text)?["Version"] is JsonNode version
            && PolicyDocument.Strings(version) is not ["2012-10-17" or "2008-10-17"]
                ? null
                : document;
    }

    private static void Principals(SandboxWorld world, JsonNode? principals)
    {
        if (principals is not JsonObject kinds)
        {
            return;
        }

        foreach (string service in PolicyDocument.Strings(kinds["Service"]))
        {
            if (!service.EndsWith(".amazonaws.com", StringComparison.Ordinal) && !service.EndsWith(".amazonaws.com.cn", StringComparison.Ordinal))
            {
                throw IamErrors.Malformed($"Invalid principal in policy: \"SERVICE\":\"{service}\"");
            }
        }

        foreach (string arn in PolicyDocument.Strings(kinds["AWS"]))
        {
            string ownRoles = $"arn:aws:iam::{world.AccountId}:role/";
            bool missing = arn.StartsWith(ownRoles, StringComparison.Ordinal) && world.Roles.Values.All(role => role.Arn != arn);
            bool shaped = arn == "*" || arn.StartsWith("arn:", StringComparison.Ordinal) || (arn.Length == 12 && arn.All(char.IsAsciiDigit));
            if (missing || !shaped)
            {
                throw IamErrors.Malformed($"Invalid principal in policy: \"AWS\":\"{arn}\"");
            }
        }
    }
}
