using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Security;

/// <summary>
/// What a call is about, for the actions whose resources count here: sessions, commands, documents, keys and roles
/// (service authorization reference). The others are decided by their actions alone.
/// </summary>
internal static class ResourceScope
{
    private const string DocumentCheck = "ssm:SessionDocumentAccessCheck";

    /// <summary>What policies are to be asked.</summary>
    /// <param name="world">The account.</param>
    /// <param name="policies">Of the caller: whether a session's document counts where none is named is theirs to say.</param>
    /// <param name="action">For example <c>ssm:StartSession</c>.</param>
    /// <param name="input">The request.</param>
    public static IReadOnlyList<PolicyQuestion> Of(SandboxWorld world, IdentityPolicies policies, string action, JsonObject input)
    {
        lock (world.Gate)
        {
            return action switch
            {
                "ssm:StartSession" => Start(world, policies, action, input),
                "ssm:ResumeSession" or "ssm:TerminateSession" => [Session(world, action, Text(input, "SessionId"))],
                "ssm:SendCommand" => [.. Targets(world, input).Select(id => Node(world, action, id)), Document(world, action, Text(input, "DocumentName"))],
                "ssm:GetDocument" or "ssm:DescribeDocument" => [Document(world, action, Text(input, "Name"))],
                "kms:GenerateDataKey" or "kms:Decrypt" or "kms:DescribeKey" when Text(input, "KeyId") is { Length: > 0 } key =>
                    [new PolicyQuestion(action, KeyArn(world, key))],
                "sts:AssumeRole" or "iam:PassRole" => [new PolicyQuestion(action, Text(input, "RoleArn"))],
                _ when IsListing(action) => [new PolicyQuestion(action, "*")],
                _ => [],
            };
        }
    }

    // These know no resources: IAM asks for all.
    private static bool IsListing(string action) => action.StartsWith("ec2:Describe", StringComparison.Ordinal)
        || action is "ssm:DescribeInstanceInformation" or "ssm:DescribeSessions" or "ssm:GetConnectionStatus" or "ssm:ListDocuments"
            or "ssm:ListCommands" or "ssm:ListCommandInvocations" or "ssm:GetCommandInvocation" or "cloudtrail:LookupEvents";

    private static List<PolicyQuestion> Start(SandboxWorld world, IdentityPolicies policies, string action, JsonObject input)
    {
        List<PolicyQuestion> questions = [Node(world, action, Text(input, "Target")).With(DocumentCheck, "true")];

        // Without the condition somewhere, a session without a named document is not held against the document's rights.
        if (input["DocumentName"] is not null
            || policies.Documents.Any(document => document.Contains(DocumentCheck, StringComparison.OrdinalIgnoreCase)))
        {
            string name = Text(input, "DocumentName") is { Length: > 0 } named ? named : SessionDocumentCatalog.Preferences;
            questions.Add(Document(world, action, name).With(DocumentCheck, "true"));
        }

        return questions;
    }

    private static PolicyQuestion Node(SandboxWorld world, string action, string id)
    {
        string arn = id.StartsWith("mi-", StringComparison.Ordinal)
            ? $"arn:aws:ssm:{world.Region}:{world.AccountId}:managed-instance/{id}"
            : $"arn:aws:ec2:{world.Region}:{world.AccountId}:instance/{id}";
        IEnumerable<KeyValuePair<string, string>> tags = world.Instances.TryGetValue(id, out InstanceRecord? instance)
            ? instance.Tags
            : world.OutsideNodes.GetValueOrDefault(id)?.Tags ?? [];
        return new PolicyQuestion(action, arn).WithTags(tags);
    }

    private static PolicyQuestion Document(SandboxWorld world, string action, string name)
    {
        string plain = name[(name.LastIndexOf('/') + 1)..];
        bool ofAws = world.Documents.TryGetValue(plain, out DocumentRecord? document) && document.Owner == DocumentRecord.Amazon;
        return new PolicyQuestion(action, $"arn:aws:ssm:{world.Region}:{(ofAws ? "" : world.AccountId)}:document/{plain}")
            .WithTags(document?.Tags ?? []);
    }

    private static PolicyQuestion Session(SandboxWorld world, string action, string id)
    {
        PolicyQuestion question = new(action, $"arn:aws:ssm:{world.Region}:{world.AccountId}:session/{id}");
        return world.Sessions.TryGetValue(id, out SessionRecord? session)
            ? question.WithTags(
                [new("aws:ssmmessages:session-id", session.OwnerId), new("aws:ssmmessages:target-id", session.Target)])
            : question;
    }

    private static IEnumerable<string> Targets(SandboxWorld world, JsonObject input)
    {
        IEnumerable<string> named = Texts(input, "InstanceIds");
        foreach (JsonObject target in (input["Targets"] as JsonArray ?? []).OfType<JsonObject>())
        {
            string key = Text(target, "Key");
            string[] values = [.. Texts(target, "Values")];
            named = named.Concat(key.StartsWith("tag:", StringComparison.Ordinal)
                ? world.Nodes.Where(node => node.Tags.TryGetValue(key[4..], out string? value) && values.Contains(value)).Select(node => node.NodeId)
                : values);
        }

        return [.. named];
    }

    private static string KeyArn(SandboxWorld world, string key)
    {
        string plain = key[(key.LastIndexOf(':') + 1)..];
        string id = plain.StartsWith("key/", StringComparison.Ordinal) ? plain[4..] : plain;
        KmsKeyRecord? found = world.KmsKeys.GetValueOrDefault(id) ?? world.KmsKeys.Values.FirstOrDefault(one => one.Aliases.Contains(id));
        return found?.Arn ?? (key.StartsWith("arn:", StringComparison.Ordinal) ? key : $"arn:aws:kms:{world.Region}:{world.AccountId}:key/{id}");
    }

    // Authorization comes before the check against the model: nothing is certain about the request's form.
    private static string Text(JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static IEnumerable<string> Texts(JsonObject input, string name) => PolicyDocument.Strings(input[name]);
}
