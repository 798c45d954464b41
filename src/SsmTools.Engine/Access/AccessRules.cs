using System.Text.RegularExpressions;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Access;

/// <summary>
/// What can be asked for, checked before anything is called. Names go into a policy, where stars and dollars stand for
/// others: nothing that AWS does not allow in them gets there.
/// </summary>
internal static partial class AccessRules
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">
    /// NodesNotNamed, AccessPolicyNameMissing, AccessPolicyNameInvalid, PathInvalid, NodeIdInvalid, NodeTagInvalid,
    /// DocumentNameInvalid, KmsKeyInvalid, PrincipalNameInvalid.
    /// </exception>
    public static void Check(AccessPolicyRequest request)
    {
        if (request is { NodeTags.Count: 0, InstanceIds.Count: 0, AllNodes: false })
        {
            throw new EngineException(
                "NodesNotNamed",
                ErrorKind.InvalidArgument,
                "The policy would be for no node: neither tags nor ids are given.",
                "Say which: -NodeTag @{ Team = 'web' }, -InstanceId i-…, or -AllNodes.");
        }

        CheckNames(request);
        Each(request.InstanceIds, NodeId(), "NodeIdInvalid", "is no id of a node", "Write it like i-0123456789abcdef0 or mi-0123456789abcdef0.");
        Each(request.Documents, Document(), "DocumentNameInvalid", "cannot be the name of a document", "Write it like Ops-Shell, or give its ARN.");
        foreach ((string key, IReadOnlyList<string> values) in request.NodeTags)
        {
            if (!TagKey().IsMatch(key) || values.Count == 0 || values.Any(value => value.Length > 256))
            {
                throw Bad("NodeTagInvalid", key, "cannot be a tag to choose nodes by", "Give keys of 1 to 128 characters, each with values of at most 256.");
            }
        }

        if (request.KmsKeyId is { } kms)
        {
            SessionAccessRules.CheckKey(kms);
        }
    }

    /// <summary>Checks the name of a managed policy.</summary>
    /// <exception cref="EngineException">AccessPolicyNameInvalid.</exception>
    public static void CheckName(string name) => Each(
        [name], PolicyName(), "AccessPolicyNameInvalid", "cannot be the name of a policy",
        "IAM takes 1 to 128 of the letters A to Z and a to z, digits and the characters _ + = , . @ -");

    private static void CheckNames(AccessPolicyRequest request)
    {
        string[] principals = [.. request.UserNames, .. request.RoleNames, .. request.GroupNames];
        if (request.Name is { } name)
        {
            CheckName(name);
        }
        else if (principals.Length > 0)
        {
            throw new EngineException(
                "AccessPolicyNameMissing",
                ErrorKind.InvalidArgument,
                $"A policy without a name is not made, so it cannot be attached to {string.Join(", ", principals)}.",
                "Give it a name: -Name web-operators");
        }

        if (request.Path is { } path && (path.Length > 512 || !Path().IsMatch(path)))
        {
            throw Bad("PathInvalid", path, "cannot be an IAM path", "Write it like /ops/ or leave it out.");
        }

        Each(principals, PolicyName(), "PrincipalNameInvalid", "cannot be the name of a user, role or group", "Give the name alone, without ARN and path.");
    }

    private static void Each(IEnumerable<string> values, Regex rule, string id, string what, string advice)
    {
        if (values.FirstOrDefault(value => !rule.IsMatch(value)) is { } bad)
        {
            throw Bad(id, bad, what, advice);
        }
    }

    private static EngineException Bad(string id, string value, string what, string advice) =>
        new(id, ErrorKind.InvalidArgument, $"'{value}' {what}.", advice, value);

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@-]{1,128}\z")]
    private static partial Regex PolicyName();

    [GeneratedRegex(@"\A(/|/[\x21-\x7e]+/)\z")]
    private static partial Regex Path();

    [GeneratedRegex(@"\A(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})\z")]
    private static partial Regex NodeId();

    [GeneratedRegex(@"\A([A-Za-z0-9_.-]{3,128}|arn:aws[a-z-]*:ssm:[a-z0-9-]+:([0-9]{12})?:document/[A-Za-z0-9_.-]{3,128})\z")]
    private static partial Regex Document();

    // What the service allows in tag keys; no wildcards are among it.
    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}\z")]
    private static partial Regex TagKey();
}
