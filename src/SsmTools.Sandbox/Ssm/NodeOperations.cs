using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>The managed nodes.</summary>
internal static class NodeOperations
{
    private const int DefaultPage = 50;
    private static readonly string[] s_pingStates = ["Online", "ConnectionLost", "Inactive"];

    public static JsonObject Describe(ApiCall call)
    {
        List<(string Key, IReadOnlyList<string> Values)> filters = Filters(call);
        (IReadOnlyList<NodeRecord> page, string? next) = Paging.Page(
            Candidates(call.World, filters).Where(node => filters.TrueForAll(filter => Fits(call.World, node, filter.Key, filter.Values))),
            node => Paging.Key(node.Sequence),
            "DescribeInstanceInformation", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["InstanceInformationList"] = page.ToJson(node => Shape(node, call.World.Now)),
            ["NextToken"] = next,
        };
    }

    private static List<(string Key, IReadOnlyList<string> Values)> Filters(ApiCall call)
    {
        List<(string Key, IReadOnlyList<string> Values)> filters =
        [
            .. call.Input.Parts("Filters").Select(filter => (filter.Text("Key")!, filter.Texts("Values"))),
            .. call.Input.Parts("InstanceInformationFilterList").Select(filter => (filter.Text("key")!, filter.Texts("valueSet"))),
        ];
        if (call.Input.Parts("Filters").Any() && call.Input.Parts("InstanceInformationFilterList").Any())
        {
            throw new ServiceError("ValidationException", "Filters and InstanceInformationFilterList cannot be used together.");
        }

        foreach ((string key, IReadOnlyList<string> values) in filters)
        {
            Check(key, values);
        }

        return filters;
    }

    private static void Check(string key, IReadOnlyList<string> values)
    {
        switch (key)
        {
            case "InstanceIds" when values.FirstOrDefault(id => !id.StartsWith("i-", StringComparison.Ordinal)
                && !id.StartsWith("mi-", StringComparison.Ordinal)) is string id:
                throw new ServiceError("InvalidInstanceId", $"Instance id {id} is not valid.");
            case "PingStatus" when values.Except(s_pingStates).FirstOrDefault() is string state:
                throw new ServiceError("InvalidInstanceInformationFilterValue", $"{state} is not a valid value for PingStatus.");
            case "InstanceIds" or "PingStatus" or "AgentVersion" or "PlatformTypes" or "PlatformType" or "ActivationIds" or "IamRole"
                or "ResourceType" or "AssociationStatus" or "SourceIds" or "SourceTypes" or "tag-key":
                break;
            default:
                if (!key.StartsWith("tag:", StringComparison.Ordinal))
                {
                    throw new ServiceError("InvalidFilterKey", "The specified filter key isn't valid.");
                }

                break;
        }
    }

    /// <summary>Where ids are asked for, only those are looked at: a fleet is polled fifty at a time.</summary>
    private static IEnumerable<NodeRecord> Candidates(SandboxWorld world, List<(string Key, IReadOnlyList<string> Values)> filters)
    {
        return filters.Find(filter => filter.Key == "InstanceIds") is (not null, { } ids)
            ? ids.Distinct().Select(world.FindNode).OfType<NodeRecord>()
            : world.Nodes;
    }

    private static bool Fits(SandboxWorld world, NodeRecord node, string key, IReadOnlyList<string> values) => key switch
    {
        "InstanceIds" or "SourceIds" => values.Contains(node.NodeId),
        "PingStatus" => values.Contains(node.PingStatus(world.Now)),
        "AgentVersion" => values.Contains(node.AgentVersion),
        "PlatformTypes" or "PlatformType" => values.Contains(node.PlatformType, StringComparer.OrdinalIgnoreCase),
        "ResourceType" => values.Contains(ResourceType(node)) || values.Contains(SourceType(node)),
        "SourceTypes" => values.Contains(SourceType(node)),
        "ActivationIds" => node.ActivationId is string id && values.Contains(id),
        "IamRole" => node.RoleName is string role && values.Contains(role),
        "tag-key" => values.Any(node.Tags.ContainsKey),
        _ when key.StartsWith("tag:", StringComparison.Ordinal) =>
            node.Tags.TryGetValue(key[4..], out string? value) && values.Contains(value),

        // Associations: no node has any.
        _ => false,
    };

    private static string ResourceType(NodeRecord node) => node.IsInstance ? "EC2Instance" : "ManagedInstance";

    private static string SourceType(NodeRecord node) => node.IsInstance ? "AWS::EC2::Instance" : "AWS::SSM::ManagedInstance";

    private static JsonObject Shape(NodeRecord node, DateTimeOffset now) => new()
    {
        ["InstanceId"] = node.NodeId,
        ["PingStatus"] = node.PingStatus(now),
        ["LastPingDateTime"] = node.LastPing,
        ["AgentVersion"] = node.AgentVersion,
        ["IsLatestVersion"] = AgentRelease.IsLatest(node.AgentVersion),
        ["PlatformType"] = Known(node.PlatformType),
        ["PlatformName"] = Known(node.PlatformName),
        ["PlatformVersion"] = Known(node.PlatformVersion),
        ["ActivationId"] = node.ActivationId,
        ["IamRole"] = node.RoleName,
        ["RegistrationDate"] = node.IsInstance ? null : node.Registered,
        ["ResourceType"] = ResourceType(node),
        ["Name"] = node.Name,
        ["IPAddress"] = Known(node.IpAddress),
        ["ComputerName"] = Known(node.ComputerName),
        ["SourceId"] = node.NodeId,
        ["SourceType"] = SourceType(node),
    };

    /// <summary>What a node has not reported yet is not there.</summary>
    private static string? Known(string text) => text.Length == 0 ? null : text;
}
