using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Access;

/// <summary>What can be wrong with a policy that is wanted, and with one that is there.</summary>
internal static class AccessErrors
{
    /// <summary>The document is longer than IAM takes.</summary>
    public static EngineException TooLong(int length) => new(
        "AccessPolicyTooLong",
        ErrorKind.LimitsExceeded,
        $"The policy would have {length} characters; IAM takes {AccessDocument.MostCharacters}.",
        "Choose the nodes by a tag (-NodeTag) instead of by ids, or make several policies.");

    /// <summary>The simulator does not agree with what the policy is there for.</summary>
    public static EngineException NotProven(IReadOnlyList<AccessCheck> failed) => new(
        "AccessPolicyNotProven",
        ErrorKind.InvalidOperation,
        "The policy simulator does not confirm the policy: " + string.Join("; ", failed.Take(3).Select(check =>
            $"{check.Action} {check.Case} must be {(check.MustBeAllowed ? "allowed" : "denied")} and is {check.Decision}")) + ".",
        "Nothing was made. Report it with the parameters that were given.");

    /// <summary>Somebody else's policy has the name, and says something else.</summary>
    public static EngineException Foreign(string name) => new(
        "AccessPolicyExists",
        ErrorKind.ResourceExists,
        $"There is a policy {name} that was not made by SsmTools, and it says something else; it is left as it is.",
        "Choose another name.",
        name);

    /// <summary>There is no such policy.</summary>
    public static EngineException NotManaged(string name) => new(
        "AccessPolicyNotManaged",
        ErrorKind.InvalidOperation,
        $"Policy {name} was not made by SsmTools: it carries no tag {SsmToolsTag.Key}.",
        "Use -Force to detach and delete it all the same.",
        name);

    /// <summary>Taking it away would unbind those whom it bounds.</summary>
    public static EngineException Bounds(string name, IReadOnlyList<string> holders) => new(
        "AccessPolicyIsBoundary",
        ErrorKind.ResourceBusy,
        $"Policy {name} is the permissions boundary of {RoleErrors.Some(holders)}.",
        "Give these another boundary first.",
        name);

    /// <summary>Whoever is to get it is not there.</summary>
    public static EngineException HolderNotFound(PolicyHolder holder) => new(
        "PrincipalNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no {holder.Word} {holder.Name}.",
        "Check the name: it goes without ARN and path. Users of IAM Identity Center are none of IAM: there the policy goes into a permission set.",
        holder.Name);
}
