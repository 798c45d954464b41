using System.Text.Json.Nodes;
using SsmTools.Sandbox.Associations;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Tags of Systems Manager's own resources.</summary>
internal static class ResourceTagOperations
{
    public static JsonObject Add(ApiCall call)
    {
        SortedDictionary<string, string> tags = Find(call);
        foreach ((string key, string value) in call.Input.Tags("Tags"))
        {
            tags[key] = value;
        }

        return [];
    }

    public static JsonObject Remove(ApiCall call)
    {
        SortedDictionary<string, string> tags = Find(call);
        foreach (string key in call.Input.Texts("TagKeys"))
        {
            tags.Remove(key);
        }

        return [];
    }

    public static JsonObject List(ApiCall call) => new() { ["TagList"] = Find(call).ToJson() };

    private static SortedDictionary<string, string> Find(ApiCall call)
    {
        string id = call.Required("ResourceId");
        SortedDictionary<string, string>? tags = call.Required("ResourceType") switch
        {
            "Association" => AssociationOperations.Find(call.World, id).Tags,
            "ManagedInstance" => call.World.OutsideNodes.GetValueOrDefault(id)?.Tags,
            "Document" => call.World.Documents.GetValueOrDefault(id)?.Tags,
            _ => throw new ServiceError("InvalidResourceType", "The resource type isn't valid."),
        };
        return tags ?? throw new ServiceError("InvalidResourceId", "The resource ID isn't valid. Verify that you entered the correct ID and try again.");
    }
}
