using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Tags of EC2's resources, and how they come with calls that create.</summary>
internal static class Ec2Tags
{
    private const int MostTags = 50;

    /// <summary>The tags that a call gives to a kind of resource it creates. Kinds that it does not create are refused.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Specified(ApiCall call, string resourceType, params string[] others)
    {
        List<KeyValuePair<string, string>> tags = [];
        foreach (JsonObject specification in call.Input.Parts("TagSpecifications"))
        {
            string type = specification.Text("ResourceType")
                ?? throw Ec2Errors.InvalidValue("Tag specification resource type must have a value");
            if (type == resourceType)
            {
                tags.AddRange(specification.Tags("Tags"));
            }
            else if (!others.Contains(type))
            {
                throw Ec2Errors.InvalidValue($"'{type}' is not a valid taggable resource type for this operation.");
            }
        }

        Check(tags);
        return tags;
    }

    public static void Check(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach ((string key, string value) in tags)
        {
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw Ec2Errors.InvalidValue("Tag keys starting with 'aws:' are reserved for internal use");
            }

            if (key.Length is 0 or > 127)
            {
                throw Ec2Errors.InvalidValue($"Tag key exceeds the maximum length of 127 characters or is empty: '{key}'");
            }

            if (value.Length > 255)
            {
                throw Ec2Errors.InvalidValue($"Tag value exceeds the maximum length of 255 characters: '{value}'");
            }

            if (!keys.Add(key))
            {
                throw Ec2Errors.InvalidValue($"Duplicate tag key '{key}' specified.");
            }
        }

        if (keys.Count > MostTags)
        {
            throw new ServiceError("TagLimitExceeded", "The maximum number of tags for a resource is 50.");
        }
    }

    public static void Set(Resource resource, IEnumerable<KeyValuePair<string, string>> tags)
    {
        foreach ((string key, string value) in tags)
        {
            resource.Tags[key] = value;
        }
    }

    public static JsonObject Create(ApiCall call)
    {
        IReadOnlyList<KeyValuePair<string, string>> tags = call.Input.Tags("Tags");
        Check(tags);
        List<Resource> resources = Find(call);
        if (resources.Exists(resource => resource.Tags.Keys.Union(tags.Select(tag => tag.Key)).Count() > MostTags))
        {
            throw new ServiceError("TagLimitExceeded", "The maximum number of tags for a resource is 50.");
        }

        foreach (Resource resource in resources)
        {
            Set(resource, tags);
        }

        return [];
    }

    public static JsonObject Delete(ApiCall call)
    {
        foreach (Resource resource in Find(call))
        {
            if (call.Input["Tags"] is null)
            {
                resource.Tags.Clear();
            }

            // A tag without a value goes whatever its value is.
            foreach (JsonObject tag in call.Input.Parts("Tags"))
            {
                string key = tag.Text("Key") ?? "";
                if (resource.Tags.TryGetValue(key, out string? value) && (tag.Text("Value") ?? value) == value)
                {
                    resource.Tags.Remove(key);
                }
            }
        }

        return [];
    }

    public static JsonObject Describe(ApiCall call)
    {
        IEnumerable<(Resource Resource, string Key, string Value)> tags = call.World.Resources
            .SelectMany(resource => resource.Tags, (resource, tag) => (resource, tag.Key, tag.Value));
        tags = Ec2Filters.Apply(
            tags, call.Input, "Filters",
            static (tag, name) => name switch
            {
                "key" => [tag.Key],
                "value" => [tag.Value],
                "resource-id" => [tag.Resource.Id],
                "resource-type" => [tag.Resource.ResourceType],
                _ => null,
            },
            _ => null);
        (IReadOnlyList<(Resource Resource, string Key, string Value)> page, string? next) = Ec2Listing.Page(
            call, "DescribeTags", tags, tag => $"{tag.Key}\n{tag.Resource.Id}");
        return new JsonObject
        {
            ["Tags"] = page.ToJson(tag => new JsonObject
            {
                ["Key"] = tag.Key,
                ["Value"] = tag.Value,
                ["ResourceId"] = tag.Resource.Id,
                ["ResourceType"] = tag.Resource.ResourceType,
            }),
            ["NextToken"] = next,
        };
    }

    private static List<Resource> Find(ApiCall call)
    {
        Dictionary<string, Resource> all = call.World.Resources.ToDictionary(resource => resource.Id);
        return call.Input.Texts("Resources").Select(id => all.GetValueOrDefault(id) ?? throw Unknown(id)).ToList();
    }

    private static ServiceError Unknown(string id)
    {
        Ec2Kind[] kinds =
        [
            Ec2Kind.Instance, Ec2Kind.Subnet, Ec2Kind.Vpc, Ec2Kind.RouteTable, Ec2Kind.SecurityGroup, Ec2Kind.NetworkAcl, Ec2Kind.VpcEndpoint,
            Ec2Kind.Volume, Ec2Kind.NetworkInterface, Ec2Kind.InternetGateway, Ec2Kind.NatGateway,
        ];
        return Array.Find(kinds, kind => id.StartsWith($"{kind.Prefix}-", StringComparison.Ordinal))?.NotFound(id)
            ?? new ServiceError("InvalidID", $"The ID '{id}' is not valid");
    }
}
