namespace SsmTools.Engine.Access;

/// <summary>
/// What a policy is tried with before it is said to work: each thing that it is there for, and beside each the neighbour
/// that must stay closed.
/// </summary>
internal static class AccessCases
{
    /// <summary>Who tries; made up, since the simulator wants somebody.</summary>
    public const string UserName = "operator";
    public const string UserId = "AIDASSMTOOLSOPERATOR1";

    // A stranger whose name begins as the operator's does.
    private const string StrangerName = "operator-2";
    private const string StrangerId = "AIDASSMTOOLSOPERATOR2";

    private const string SomeInstance = "i-0123456789abcdef0";
    private const string OtherInstance = "i-0fedcba9876543210";
    private const string StartSession = "ssm:StartSession";
    private const string SendCommand = "ssm:SendCommand";

    private static readonly string[] s_handling = ["ssm:ResumeSession", "ssm:TerminateSession"];

    /// <summary>All cases, first what must be allowed.</summary>
    public static IReadOnlyList<AccessCase> Of(AccessScope scope) => [.. Allowed(scope), .. Denied(scope)];

    private static IEnumerable<AccessCase> Allowed(AccessScope scope)
    {
        Dictionary<string, string> tags = Tags(scope);
        string node = scope.NodeArn(First(scope.Request.InstanceIds));
        yield return new AccessCase([StartSession], $"on a node{Having(scope)}", node, true) { Context = Checked(tags) };
        foreach (string document in scope.Documents)
        {
            yield return new AccessCase([StartSession], $"with {Short(document)}", scope.DocumentArn(document), true) { Context = Checked([]) };
        }

        yield return new AccessCase(s_handling, "a session of one's own", scope.Ssm($"session/{UserName}-0123456789abcdef0"), true)
        {
            Context = Owner(UserId),
        };
        yield return new AccessCase(AccessDocument.Looks, "nodes and sessions are seen", "*", true);
        if (scope.KeyArn is { } key)
        {
            yield return new AccessCase(["kms:GenerateDataKey"], "with the key", key, true);
        }

        if (scope.Request.RunCommand)
        {
            yield return new AccessCase([SendCommand], $"to a node{Having(scope)}", node, true) { Context = tags };
            foreach (string document in AccessScope.CommandDocuments)
            {
                yield return new AccessCase([SendCommand], $"with {document}", scope.DocumentArn(document), true);
            }

            yield return new AccessCase(AccessDocument.CommandLooks, "commands are followed", "*", true);
        }
    }

    private static IEnumerable<AccessCase> Denied(AccessScope scope)
    {
        Dictionary<string, string> tags = Tags(scope);
        string node = scope.NodeArn(First(scope.Request.InstanceIds));
        List<(string Words, string Resource, Dictionary<string, string> Tags)> strangers = [];
        foreach ((string tag, IReadOnlyList<string> values) in scope.Request.NodeTags)
        {
            strangers.Add(($"a node with another {tag}", node, new(tags) { [TagKey(tag)] = Other(values) }));
        }

        if (tags.Count > 0)
        {
            strangers.Add(("a node without tags", node, []));
        }

        if (scope.Request.InstanceIds.Count > 0)
        {
            strangers.Add(("another node", scope.NodeArn(OtherOf(scope.Request.InstanceIds)), tags));
        }

        foreach ((string words, string resource, Dictionary<string, string> has) in strangers)
        {
            yield return new AccessCase([StartSession], $"on {words}", resource, false) { Context = Checked(has) };
        }

        foreach (string document in Others(scope.Documents))
        {
            yield return new AccessCase([StartSession], $"with {document}", scope.DocumentArn(document), false) { Context = Checked([]) };
        }

        yield return new AccessCase(s_handling, "a session of somebody else", scope.Ssm($"session/{StrangerName}-0123456789abcdef0"), false)
        {
            Context = Owner(StrangerId),
        };
        if (scope.KeyArn is { } key)
        {
            yield return new AccessCase(["kms:GenerateDataKey"], "with another key", $"{key[..(key.LastIndexOf('/') + 1)]}00000000-0000-0000-0000-000000000000", false);
            yield return new AccessCase(["kms:Decrypt"], "with the key", key, false);
        }

        if (!scope.Request.RunCommand)
        {
            yield return new AccessCase([SendCommand], $"to a node{Having(scope)}", node, false) { Context = tags };
            yield break;
        }

        foreach ((string words, string resource, Dictionary<string, string> has) in strangers)
        {
            yield return new AccessCase([SendCommand], $"to {words}", resource, false) { Context = has };
        }

        yield return new AccessCase([SendCommand], "with AWS-RunRemoteScript", scope.DocumentArn("AWS-RunRemoteScript"), false);
    }

    // The neighbours of the documents that were asked for: those of AWS, and one that nobody has.
    private static IEnumerable<string> Others(IReadOnlyList<string> documents) => new[]
    {
        AccessScope.Preferences, AccessScope.PortForwarding, AccessScope.RemoteHosts, AccessScope.Ssh, "AWS-StartInteractiveCommand", "Another-Document",
    }.Except(documents.Select(Short), StringComparer.Ordinal);

    private static Dictionary<string, string> Tags(AccessScope scope) => scope.Request.NodeTags.ToDictionary(
        tag => TagKey(tag.Key), tag => tag.Value[0], StringComparer.Ordinal);

    private static Dictionary<string, string> Checked(Dictionary<string, string> context) =>
        new(context) { [AccessDocument.DocumentCheckKey] = "true" };

    private static Dictionary<string, string> Owner(string id) => new() { [AccessDocument.SessionOwnerKey] = id };

    private static string TagKey(string key) => $"ssm:resourceTag/{key}";

    private static string Having(AccessScope scope) => scope.Request.NodeTags.Count == 0
        ? string.Empty
        : $" with {string.Join(", ", scope.Request.NodeTags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value[0]}"))}";

    private static string Other(IReadOnlyList<string> values)
    {
        string other = "another";
        while (values.Contains(other))
        {
            other += "-one";
        }

        return other;
    }

    private static string OtherOf(IReadOnlyList<string> ids) =>
        new[] { OtherInstance, SomeInstance, "i-0aaaaaaaaaaaaaaaa" }.Concat(Enumerable.Range(0, ids.Count).Select(i => $"i-{i:x17}"))
            .First(id => !ids.Contains(id));

    private static string First(IReadOnlyList<string> ids) => ids.Count > 0 ? ids[0] : SomeInstance;

    private static string Short(string document) => document[(document.LastIndexOf('/') + 1)..];
}
