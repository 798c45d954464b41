using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Commands;

/// <summary>
/// Where the whole output of a command's steps lies (amazon-ssm-agent, runpluginutil and iohandler; the service finds it by
/// the same rules).
/// </summary>
internal static class CommandPlaces
{
    /// <summary>An output's key in a bucket: <c>prefix/command/node/awsrunShellScript/0.awsrunShellScript/stdout</c>.</summary>
    /// <param name="prefix">What the caller asked for, if anything.</param>
    /// <param name="commandId">The command.</param>
    /// <param name="nodeId">The node.</param>
    /// <param name="step">The step's plugin, and its id.</param>
    /// <param name="output"><c>stdout</c> or <c>stderr</c>.</param>
    public static string Key(string? prefix, string commandId, string nodeId, (string Plugin, string Id) step, string output)
    {
        string[] parts = [(prefix ?? "").Trim('/'), commandId, nodeId, NoColon(step.Plugin), NoColon(step.Id), output];
        return string.Join('/', parts.Where(part => part.Length > 0));
    }

    /// <summary>An output's log stream: <c>command/node/aws-runShellScript/stdout</c>.</summary>
    public static string Stream(string commandId, string nodeId, string stepName, string output) =>
        $"{commandId}/{nodeId}/{stepName.Replace(':', '-')}/{output}";

    /// <summary>The plugin of a step, and its id: in the old schema the id of the plugin's first properties.</summary>
    public static (string Plugin, string Id) PluginOf(JsonObject document, string stepName)
    {
        JsonObject? step = document.Parts("mainSteps").FirstOrDefault(one => one.Text("name") == stepName);
        return step is not null
            ? (step.Text("action") ?? "", stepName)
            : (stepName, IdOf(document.Part("runtimeConfig").Part(stepName).Parts("properties").FirstOrDefault(), stepName));
    }

    /// <summary>The id of properties of the old schema.</summary>
    public static string IdOf(JsonObject? properties, string plugin) => properties?.Text("id") ?? $"0.{plugin}";

    private static string NoColon(string text) => text.Replace(":", "", StringComparison.Ordinal);
}
