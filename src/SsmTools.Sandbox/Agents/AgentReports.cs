using System.Globalization;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Agents;

/// <summary>What an agent tells Systems Manager of its machine, by its own signed calls.</summary>
internal sealed class AgentReports(AgentSettings settings, AgentApi api)
{
    /// <summary>What this agent calls itself; the real one is called amazon-ssm-agent.</summary>
    public const string Name = "sandbox-agent";

    /// <summary>Tells the agent's version.</summary>
    public Task ReportVersionAsync(CancellationToken cancellationToken) => api.CallAsync(
        "UpdateInstanceInformation",
        new JsonObject
        {
            ["InstanceId"] = settings.Target,
            ["AgentName"] = Name,
            ["AgentVersion"] = settings.AgentVersion,
            ["AgentStatus"] = "Active",
        },
        cancellationToken);

    /// <summary>Puts items into the inventory.</summary>
    public Task PutInventoryAsync(
        IEnumerable<(string Type, JsonArray Content)> items, CancellationToken cancellationToken) => api.CallAsync(
            "PutInventory",
            new JsonObject
            {
                ["InstanceId"] = settings.Target,
                ["Items"] = new JsonArray([.. items.Select(item => new JsonObject
                {
                    ["TypeName"] = item.Type,
                    ["SchemaVersion"] = "1.1",
                    ["CaptureTime"] = settings.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                    ["Content"] = item.Content,
                })]),
            },
            cancellationToken);
}
