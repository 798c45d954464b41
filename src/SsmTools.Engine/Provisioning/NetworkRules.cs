using System.Text.RegularExpressions;

namespace SsmTools.Engine.Provisioning;

/// <summary>What can be seen to be wrong with networks and endpoints before anything is called.</summary>
internal static partial class NetworkRules
{
    /// <summary>Checks a request.</summary>
    /// <exception cref="EngineException">VpcIdInvalid, SubnetIdInvalid or TagInvalid.</exception>
    public static void Check(EndpointRequest request)
    {
        Require(
            request.VpcId is null ? request.SubnetIds.Count > 0 : IsVpcId(request.VpcId),
            "VpcIdInvalid",
            request.VpcId is null ? "Neither a VPC nor a subnet was named." : $"'{request.VpcId}' is not the id of a VPC.",
            "Give an id such as vpc-0a1b2c3d4e5f67890, or ids of subnets.",
            request.VpcId);
        if (request.SubnetIds.FirstOrDefault(id => !SubnetId().IsMatch(id)) is { } wrong)
        {
            Require(
                false,
                "SubnetIdInvalid",
                $"'{wrong}' is not the id of a subnet.",
                "Give an id such as subnet-0a1b2c3d4e5f67890.",
                wrong);
        }

        TagRules.Check(request.Tags);
    }

    /// <summary>Whether a text is the id of a VPC rather than a name.</summary>
    public static bool IsVpcId(string text) => VpcId().IsMatch(text);

    /// <summary>What the endpoints' security group is called.</summary>
    public static string EndpointGroupName(string owner) => $"{owner}-endpoints";

    private static void Require(bool holds, string errorId, string message, string recommendation, string? target)
    {
        if (!holds)
        {
            throw new EngineException(errorId, ErrorKind.InvalidArgument, message, recommendation, target);
        }
    }

    [GeneratedRegex(@"\Asubnet-([0-9a-f]{8}|[0-9a-f]{17})\z")]
    private static partial Regex SubnetId();

    [GeneratedRegex(@"\Avpc-([0-9a-f]{8}|[0-9a-f]{17})\z")]
    private static partial Regex VpcId();
}
