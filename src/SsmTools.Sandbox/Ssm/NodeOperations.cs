using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>The managed nodes.</summary>
internal static class NodeOperations
{
    private const int DefaultPage = 50;
    private static readonly Version s_latestAgent = new(3, 3, 1142, 0);
    private static readonly string[] s_pingStates = ["Online", "ConnectionLost", "Inactive"];

    public static JsonObject Describe(ApiCall call)
    {
        List<(string Key, IReadOnlyList<string> Values)> filters = Filters(call);
        (IReadOnlyList<InstanceRecord> page, string? next) = Paging.Page(
            Candidates(call.World, filters).Where(instance => filters.TrueForAll(filter => Fits(call.World, instance, filter.Key, filter.Values))),
            instance => Paging.Key(instance.Node!.Sequence),
            "DescribeInstanceInformation", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["InstanceInformationList"] = page.ToJson(instance => Shape(instance, call.World.Now)),
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
    private static IEnumerable<InstanceRecord> Candidates(SandboxWorld world, List<(string Key, IReadOnlyList<string> Values)> filters)
    {
        IEnumerable<InstanceRecord> candidates = filters.Find(filter => filter.Key == "InstanceIds") is (not null, { } ids)
            ? ids.Distinct().Select(id => world.Instances.GetValueOrDefault(id)).OfType<InstanceRecord>()
            : world.Instances.Values;
        return candidates.Where(instance => instance.Node is not null);
    }

    private static bool Fits(SandboxWorld world, InstanceRecord instance, string key, IReadOnlyList<string> values)
    {
        NodeRecord node = instance.Node!;
        return key switch
        {
            "InstanceIds" or "SourceIds" => values.Contains(node.NodeId),
            "PingStatus" => values.Contains(node.PingStatus(world.Now)),
            "AgentVersion" => values.Contains(node.AgentVersion),
            "PlatformTypes" or "PlatformType" => values.Contains(node.PlatformType, StringComparer.OrdinalIgnoreCase),
            "ResourceType" => values.Contains("EC2Instance") || values.Contains("AWS::EC2::Instance"),
            "SourceTypes" => values.Contains("AWS::EC2::Instance"),
            "tag-key" => values.Any(instance.Tags.ContainsKey),
            _ when key.StartsWith("tag:", StringComparison.Ordinal) =>
                instance.Tags.TryGetValue(key[4..], out string? value) && values.Contains(value),

            // Activations, their roles and associations: none of these nodes has any.
            _ => false,
        };
    }

    private static JsonObject Shape(InstanceRecord instance, DateTimeOffset now)
    {
        NodeRecord node = instance.Node!;
        return new JsonObject
        {
            ["InstanceId"] = node.NodeId,
            ["PingStatus"] = node.PingStatus(now),
            ["LastPingDateTime"] = node.LastPing,
            ["AgentVersion"] = node.AgentVersion,
            ["IsLatestVersion"] = Version.TryParse(node.AgentVersion, out Version? version) && version >= s_latestAgent,
            ["PlatformType"] = node.PlatformType,
            ["PlatformName"] = node.PlatformName,
            ["PlatformVersion"] = node.PlatformVersion,
            ["ResourceType"] = "EC2Instance",
            ["IPAddress"] = node.IpAddress,
            ["ComputerName"] = node.ComputerName,
            ["SourceId"] = node.NodeId,
            ["SourceType"] = "AWS::EC2::Instance",
        };
    }
}
