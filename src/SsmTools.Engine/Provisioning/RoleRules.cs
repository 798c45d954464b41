using System.Text.RegularExpressions;

namespace SsmTools.Engine.Provisioning;

/// <summary>What IAM accepts as names and paths, checked before anything is called.</summary>
internal static partial class RoleRules
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">RoleNameInvalid, InstanceProfileNameInvalid, PathInvalid or TagInvalid.</exception>
    public static void Check(RoleRequest request)
    {
        CheckRoleName(request.Name);
        if (request.InstanceProfileName is { } profile && (profile.Length > 128 || !Name().IsMatch(profile)))
        {
            throw Bad("InstanceProfileNameInvalid", $"'{profile}' cannot be the name of an instance profile", 128, profile);
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

        TagRules.Check(request.Tags);
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

    [GeneratedRegex(@"\A(/|/[\x21-\x7e]+/)\z")]
    private static partial Regex Path();
}
