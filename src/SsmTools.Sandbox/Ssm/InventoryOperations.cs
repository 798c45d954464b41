using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>What agents find on their machines.</summary>
internal static class InventoryOperations
{
    private const int DefaultPage = 50;
    private const string Own = "AWS:InstanceInformation";

    public static JsonObject Put(ApiCall call)
    {
        string id = call.Required("InstanceId");
        if (!AgentRights.SpeaksFor(call.World, call.Caller, id))
        {
            throw SsmErrors.NotYourself(call.Caller.Arn, id);
        }

        // What has not changed comes with a hash and no content.
        foreach (JsonObject item in call.Input.Parts("Items").Where(item => item["Content"] is not null))
        {
            if (call.World.FindNode(id) is { } node)
            {
                node.Inventory[item.Text("TypeName")!] = item.DeepClone().AsObject();
            }
        }

        return [];
    }

    public static JsonObject Get(ApiCall call)
    {
        string[] types = [.. call.Input.Parts("ResultAttributes").Select(one => one.Text("TypeName")!)];
        IReadOnlyList<string>? ids = call.Input.Parts("Filters")
            .FirstOrDefault(filter => filter.Text("Key") == $"{Own}.InstanceId")?.Texts("Values");
        (IReadOnlyList<NodeRecord> page, string? next) = Paging.Page(
            call.World.Nodes.Where(node => ids is null || ids.Contains(node.NodeId)),
            node => Paging.Key(node.Sequence),
            "GetInventory", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["Entities"] = page.ToJson(node => new JsonObject { ["Id"] = node.NodeId, ["Data"] = Data(call.World, node, types) }),
            ["NextToken"] = next,
        };
    }

    private static JsonObject Data(SandboxWorld world, NodeRecord node, string[] types)
    {
        JsonObject data = [];
        if (types.Length == 0 || types.Contains(Own))
        {
            data[Own] = Item(Own, "1.0", null, new JsonArray(new JsonObject
            {
                ["AgentType"] = "amazon-ssm-agent",
                ["AgentVersion"] = node.AgentVersion,
                ["ComputerName"] = node.ComputerName,
                ["InstanceId"] = node.NodeId,
                ["InstanceStatus"] = node.PingStatus(world.Now) == "Online" ? "Active" : "ConnectionLost",
                ["IpAddress"] = node.IpAddress,
                ["PlatformName"] = node.PlatformName,
                ["PlatformType"] = node.PlatformType,
                ["PlatformVersion"] = node.PlatformVersion,
                ["ResourceType"] = node.IsInstance ? "EC2Instance" : "ManagedInstance",
            }));
        }

        foreach (JsonObject item in types.Where(node.Inventory.ContainsKey).Select(type => node.Inventory[type]))
        {
            data[item.Text("TypeName")!] = Item(
                item.Text("TypeName")!, item.Text("SchemaVersion") ?? "1.0", item.Text("CaptureTime"), item["Content"]!.DeepClone());
        }

        return data;
    }

    private static JsonObject Item(string type, string schema, string? captured, JsonNode content) => new()
    {
        ["TypeName"] = type,
        ["SchemaVersion"] = schema,
        ["CaptureTime"] = captured,
        ["Content"] = content,
    };
}
