using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Agents;

/// <summary>One command on an instance: its document's steps, one after the other.</summary>
internal static class CommandRun
{
    private const int DefaultTimeout = 3600;

    /// <summary>Runs the steps.</summary>
    /// <param name="content">The document and the parameters, as the message has them.</param>
    /// <param name="settings">The machine.</param>
    /// <param name="reports">Takes what upkeep finds.</param>
    /// <param name="upload">Takes the whole output.</param>
    /// <param name="steps">Gets what is to be told of each.</param>
    /// <param name="end">Calls the command off.</param>
    /// <returns>Success, Failed, TimedOut or Cancelled.</returns>
    public static async Task<string> RunAsync(
        JsonObject content,
        AgentSettings settings,
        AgentReports reports,
        CommandUpload upload,
        List<StepRecord> steps,
        CancellationToken end)
    {
        foreach ((string name, string plugin, string id, JsonObject inputs) in Steps(content))
        {
            DateTimeOffset started = settings.Clock.GetUtcNow();
            ScriptResult result = plugin switch
            {
                _ when !Applies(inputs, settings) => new ScriptResult("Skipped", 0, "", ""),
                "aws:runShellScript" => await RunAsync(inputs, settings, isPowerShell: false, upload.IsWanted, end).ConfigureAwait(false),
                "aws:runPowerShellScript" => await RunAsync(inputs, settings, isPowerShell: true, upload.IsWanted, end).ConfigureAwait(false),
                _ when Upkeep.Knows(plugin) => await Upkeep.RunAsync(plugin, inputs, settings, reports, end).ConfigureAwait(false),
                _ => new ScriptResult("Failed", 1, "", $"Plugin with name {plugin} is not supported by the sandbox's agent."),
            };
            DateTimeOffset ended = settings.Clock.GetUtcNow();
            await upload.SendAsync((plugin, id), name, result).ConfigureAwait(false);
            steps.Add(new StepRecord(
                name, result.Status, result.ExitCode, started, ended, result.Both, result.Output, result.Error));
            if (result.Status is not ("Success" or "Skipped"))
            {
                return result.Status;
            }
        }

        return "Success";
    }

    private static Task<ScriptResult> RunAsync(JsonObject inputs, AgentSettings settings, bool isPowerShell, bool keepsAll, CancellationToken end)
    {
        string script = inputs["runCommand"] is JsonArray
            ? string.Join('\n', inputs.Texts("runCommand"))
            : inputs["runCommand"]?.ToString() ?? "";
        string? directory = inputs["workingDirectory"]?.ToString();
        bool hasTimeout = int.TryParse(
            inputs["timeoutSeconds"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds);
        return ScriptRun.RunAsync(
            settings,
            script,
            isPowerShell,
            string.IsNullOrEmpty(directory) ? null : directory,
            TimeSpan.FromSeconds(hasTimeout ? seconds : DefaultTimeout),
            keepsAll,
            end);
    }

    /// <summary>The steps of either schema, with the parameters filled in.</summary>
    private static IEnumerable<(string Name, string Plugin, string Id, JsonObject Inputs)> Steps(JsonObject content)
    {
        JsonObject document = content.Part("DocumentContent");
        Dictionary<string, JsonNode> values = DocumentParameters.Resolve(document, content.Part("Parameters"));
        JsonObject Fill(JsonObject inputs) => DocumentParameters.Substitute(inputs, values).AsObject();
        foreach (JsonObject step in document.Parts("mainSteps"))
        {
            JsonObject inputs = Fill(step.Part("inputs"));
            inputs["precondition"] = Fill(step.Part("precondition"));
            string name = step.Text("name") ?? "";
            yield return (name, step.Text("action") ?? "", name, inputs);
        }

        foreach ((string plugin, JsonNode? config) in document.Part("runtimeConfig"))
        {
            foreach (JsonObject properties in (config as JsonObject ?? []).Parts("properties"))
            {
                yield return (plugin, plugin, CommandPlaces.IdOf(properties, plugin), Fill(properties));
            }
        }
    }

    /// <summary>Whether the step is for this platform: <c>"precondition": {"StringEquals": ["platformType", "Windows"]}</c>.</summary>
    private static bool Applies(JsonObject inputs, AgentSettings settings)
    {
        string platform = settings.IsWindows ? "Windows" : "Linux";
        IReadOnlyList<string> pair = inputs.Part("precondition").Texts("StringEquals");
        return !pair.Contains("platformType") || pair.Contains(platform);
    }
}
