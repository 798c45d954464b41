using System.Text.RegularExpressions;

namespace SsmTools.Engine.Provisioning;

/// <summary>What IAM accepts as names and paths, checked before anything is called.</summary>
internal static partial class RoleRules
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">
    /// RoleNameInvalid, InstanceProfileNameInvalid, PathInvalid, BoundaryInvalid,
    /// LogBucketInvalid, LogGroupInvalid, KmsKeyInvalid or TagInvalid.
    /// </exception>
    public static void Check(RoleRequest request)
    {
        CheckRoleName(request.Name);
        if (request.InstanceProfileName is { } profile)
        {
            CheckProfileName(profile);
        }

        if (request.Path is { } path && (path.Length > 512 || !Path().IsMatch(path)))
        {
            throw new EngineException(
                "PathInvalid",
                ErrorKind.InvalidArgument,
                $"'{path}' cannot be an IAM path: it must begin and end with a slash.",
                "Write it like /ops/ or leave it out.",
                path);
        }

        if (request.PermissionsBoundary is { } boundary && !PolicyArn().IsMatch(boundary))
        {
            throw new EngineException(
                "BoundaryInvalid",
                ErrorKind.InvalidArgument,
                $"'{boundary}' is not the ARN of a policy, so it cannot be a permissions boundary.",
                "Write it like arn:aws:iam::123456789012:policy/boundary",
                boundary);
        }

        SessionAccessRules.Check(request);
        TagRules.Check(request.Tags);
    }

    /// <summary>Checks the name of an instance profile.</summary>
    /// <exception cref="EngineException">InstanceProfileNameInvalid.</exception>
    public static void CheckProfileName(string name)
    {
        if (name.Length > 128 || !Name().IsMatch(name))
        {
            throw Bad("InstanceProfileNameInvalid", $"'{name}' cannot be the name of an instance profile", 128, name);
        }
    }

    /// <summary>Checks the name of a role.</summary>
    /// <exception cref="EngineException">RoleNameInvalid.</exception>
    public static void CheckRoleName(string name)
    {
        if (name.Length > 64 || !Name().IsMatch(name))
        {
            throw Bad("RoleNameInvalid", $"'{name}' cannot be the name of a role", 64, name);
        }
    }

    /// <summary>Whether two names are one: IAM does not tell upper case from lower.</summary>
    public static bool IsSame(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static EngineException Bad(string id, string what, int length, string target) => new(
        id,
        ErrorKind.InvalidArgument,
        $"{what}: IAM takes 1 to {length} of the letters A to Z and a to z, digits and the characters _ + = , . @ -",
        "Choose another name.",
        target);

    // IAM's \w is ASCII, .NET's is not.
    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@-]+\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/[\x21-\x7e]+\z")]
    private static partial Regex PolicyArn();

    [GeneratedRegex(@"\A(/|/[\x21-\x7e]+/)\z")]
    private static partial Regex Path();
}
