using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>What of a query the services can filter by themselves.</summary>
internal static class InventoryFilters
{
    private static readonly string[] s_alive = ["pending", "running", "stopping", "stopped"];

    /// <summary>EC2's filters.</summary>
    public static List<Filter> ForEc2(NodeQuery query)
    {
        List<Filter> filters =
        [
            new Filter
            {
                Name = "instance-state-name",
                Values = [.. query.States.Count > 0 ? query.States.Select(state => state.ToLowerInvariant()) : s_alive],
            },
        ];
        string[] names = [.. query.Names.SelectMany(name => new NamePattern(name).FilterValues).Distinct()];
        if (names.Length is > 0 and <= InstanceReader.FilterValues)
        {
            filters.Add(new Filter { Name = "tag:Name", Values = [.. names] });
        }

        filters.AddRange(query.Tags.Select(tag => new Filter
        {
            Name = $"tag:{tag.Key}",
            Values = [.. new NamePattern(tag.Value).FilterValues],
        }));
        if (string.Equals(query.PlatformType, "Windows", StringComparison.OrdinalIgnoreCase))
        {
            // There is no value for the others.
            filters.Add(new Filter { Name = "platform", Values = ["windows"] });
        }

        return filters;
    }

    /// <summary>Systems Manager's filters.</summary>
    public static List<KeyValuePair<string, string[]>> ForSystemsManager(NodeQuery query)
    {
        List<KeyValuePair<string, string[]>> filters = [];
        if (query.PingStatuses.Count > 0)
        {
            filters.Add(new("PingStatus", [.. query.PingStatuses]));
        }

        if (query.PlatformType is { } platform)
        {
            filters.Add(new("PlatformTypes", [platform]));
        }

        return filters;
    }

    /// <summary>
    /// Systems Manager's filters for the nodes that are no instances; null where it cannot tell them, as it knows no
    /// wildcards in tags.
    /// </summary>
    public static List<KeyValuePair<string, string[]>>? ForHybrids(NodeQuery query, bool everything)
    {
        if (query.Tags.Values.Any(value => new NamePattern(value).HasWildcards))
        {
            return null;
        }

        List<KeyValuePair<string, string[]>> filters = ForSystemsManager(query);
        if (!everything)
        {
            filters.Add(new("ResourceType", ["ManagedInstance"]));
        }

        filters.AddRange(query.Tags.Select(tag => new KeyValuePair<string, string[]>($"tag:{tag.Key}", [tag.Value])));
        return filters;
    }
}
