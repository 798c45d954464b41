using System.Text.RegularExpressions;

namespace SsmTools.Engine.Provisioning;

/// <summary>What can be seen to be wrong with a launch before anything is called.</summary>
internal static partial class LaunchRules
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">
    /// SubnetIdInvalid, ImageUnknown, CountInvalid, HopLimitInvalid, InstanceNameInvalid, TagInvalid,
    /// InstanceProfileNameInvalid or ClientTokenInvalid.
    /// </exception>
    public static void Check(LaunchRequest request)
    {
        foreach (string subnetId in request.SubnetIds.DefaultIfEmpty(string.Empty))
        {
            Require(
                SubnetId().IsMatch(subnetId),
                "SubnetIdInvalid",
                $"'{subnetId}' is not the id of a subnet.",
                "Give an id such as subnet-0a1b2c3d4e5f67890.",
                subnetId);
        }

        ImageResolver.Check(request.Image);
        Require(
            request.Count is >= 1 and <= 1000,
            "CountInvalid",
            $"{request.Count} instances cannot be launched at once.",
            "Ask for 1 to 1000.",
            null);
        Require(
            request.HopLimit is >= 1 and <= 64,
            "HopLimitInvalid",
            $"The hop limit {request.HopLimit} is not possible.",
            "Use 1 to 64; 2 reaches into a container.",
            null);
        Require(
            request.Name is null or { Length: >= 1 and <= 256 },
            "InstanceNameInvalid",
            "The name of an instance has 1 to 256 characters.",
            "Choose another name.",
            request.Name);
        TagRules.Check(request.Tags);
        Require(
            request.Name is null || !request.Tags.TryGetValue("Name", out string? tag) || tag == request.Name,
            "TagInvalid",
            $"The name is {request.Name}, but the tags have another one.",
            "Leave the Name tag out of the tags.",
            request.Name);
        Require(
            request.InstanceProfileName is null || InstanceProfileName().IsMatch(ProfileName(request.InstanceProfileName)),
            "InstanceProfileNameInvalid",
            $"'{request.InstanceProfileName}' is neither the name nor the ARN of an instance profile.",
            "Use what New-SsmInstanceRole returned as InstanceProfileName.",
            request.InstanceProfileName);
        Require(
            request.ClientToken is null || ClientToken().IsMatch(request.ClientToken),
            "ClientTokenInvalid",
            "The client token is not possible.",
            "Use 1 to 64 ASCII characters.",
            null);
    }

    /// <summary>The name in what may be a name or an ARN (<c>arn:aws:iam::1:instance-profile/ops/web</c>).</summary>
    public static string ProfileName(string nameOrArn) =>
        IsArn(nameOrArn) ? nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..] : nameOrArn;

    /// <summary>Whether it is an ARN.</summary>
    public static bool IsArn(string nameOrArn) =>
        nameOrArn.StartsWith("arn:", StringComparison.Ordinal)
        && nameOrArn.Contains(":instance-profile/", StringComparison.Ordinal);

    private static void Require(bool holds, string errorId, string message, string recommendation, string? target)
    {
        if (!holds)
        {
            throw new EngineException(errorId, ErrorKind.InvalidArgument, message, recommendation, target);
        }
    }

    [GeneratedRegex(@"\Asubnet-([0-9a-f]{8}|[0-9a-f]{17})\z")]
    private static partial Regex SubnetId();

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@-]{1,128}\z")]
    private static partial Regex InstanceProfileName();

    [GeneratedRegex(@"\A[\x21-\x7e]{1,64}\z")]
    private static partial Regex ClientToken();
}
