using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// The plugins that keep a machine up: in a small way they do what the real ones do, and what they find or change is seen
/// where it is with the real ones, in the node's version and in its inventory.
/// </summary>
internal static class Upkeep
{
    /// <summary>The patch baseline's scan; the real document runs a script that is fetched from a bucket.</summary>
    public const string PatchScan = "sandbox:patchBaseline";

    /// <summary>The CloudWatch agent's configuration; the real document runs a script.</summary>
    public const string CloudWatch = "sandbox:cloudWatchAgent";

    private const string CloudWatchAgent = "AmazonCloudWatchAgent";
    private const string Missing = "3";

    private static readonly string[] s_packages = [CloudWatchAgent, "AWSPVDriver", "AwsVssComponents", "AmazonEFSUtils"];

    /// <summary>Whether a plugin is one of these.</summary>
    public static bool Knows(string plugin) =>
        plugin is "aws:updateSsmAgent" or "aws:softwareInventory" or "aws:configurePackage" or PatchScan or CloudWatch;

    /// <summary>Runs one.</summary>
    public static async Task<ScriptResult> RunAsync(
        string plugin, JsonObject inputs, AgentSettings settings, AgentReports reports, CancellationToken end)
    {
        try
        {
            return plugin switch
            {
                "aws:updateSsmAgent" => await UpdateAsync(settings, reports, end).ConfigureAwait(false),
                "aws:softwareInventory" => await TakeStockAsync(settings, reports, end).ConfigureAwait(false),
                "aws:configurePackage" => Configure(inputs, settings),
                PatchScan => await ScanAsync(inputs, reports, end).ConfigureAwait(false),
                _ => settings.Software.Packages.Contains(CloudWatchAgent)
                    ? Success("The CloudWatch agent is configured and running.")
                    : Failure("The CloudWatch agent is not installed: no amazon-cloudwatch-agent-ctl is there."),
            };
        }
        catch (AgentException e)
        {
            return Failure(e.Message);
        }
    }

    private static async Task<ScriptResult> UpdateAsync(AgentSettings settings, AgentReports reports, CancellationToken end)
    {
        string before = settings.Software.AgentVersion;
        if (AgentRelease.IsLatest(before))
        {
            return Success($"amazon-ssm-agent {before} has already been installed, update skipped");
        }

        settings.Software.AgentVersion = AgentRelease.Latest;
        await reports.ReportVersionAsync(end).ConfigureAwait(false);
        return Success($"Updating amazon-ssm-agent from {before} to {AgentRelease.Latest}\nSuccessfully updated");
    }

    private static async Task<ScriptResult> TakeStockAsync(AgentSettings settings, AgentReports reports, CancellationToken end)
    {
        JsonArray applications = new(Application("amazon-ssm-agent", settings.AgentVersion));
        foreach (string package in settings.Software.Packages)
        {
            applications.Add(Application(package, "latest"));
        }

        await reports.PutInventoryAsync(
            [
                ("AWS:Application", applications),
                ("AWS:Network", new JsonArray(new JsonObject { ["Name"] = settings.IsWindows ? "Ethernet" : "ens5", ["IPV4"] = "" })),
            ],
            end).ConfigureAwait(false);
        return Success("Inventory policy has been successfully applied and collected inventory data has been uploaded to SSM");
    }

    private static async Task<ScriptResult> ScanAsync(JsonObject inputs, AgentReports reports, CancellationToken end)
    {
        string operation = inputs.Text("Operation") ?? "Scan";
        await reports.PutInventoryAsync(
            [
                ("AWS:PatchSummary", new JsonArray(new JsonObject
                {
                    ["OperationType"] = operation,
                    ["InstalledCount"] = "212",
                    ["MissingCount"] = operation == "Install" ? "0" : Missing,
                    ["FailedCount"] = "0",
                })),
            ],
            end).ConfigureAwait(false);
        return Success($"Patch operation {operation}: {(operation == "Install" ? "0" : Missing)} patches are missing.");
    }

    private static ScriptResult Configure(JsonObject inputs, AgentSettings settings)
    {
        string name = inputs.Text("name") ?? "";
        string action = inputs.Text("action") ?? "Install";
        if (!s_packages.Contains(name))
        {
            return Failure($"failed to find platform: no manifest found for package {name}");
        }

        if (action == "Uninstall")
        {
            settings.Software.Packages.Remove(name);
        }
        else
        {
            settings.Software.Packages.Add(name);
        }

        return Success($"Initiating {name} {action.ToLowerInvariant()}\nSuccessfully {action.ToLowerInvariant()}ed {name}");
    }

    private static JsonObject Application(string name, string version) =>
        new() { ["Name"] = name, ["Version"] = version, ["Publisher"] = "Amazon.com" };

    private static ScriptResult Success(string output) => new("Success", 0, output + "\n", "");

    private static ScriptResult Failure(string error) => new("Failed", 1, "", error + "\n");
}
