using System.Globalization;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Commands;

/// <summary>From a command to the documents that run it on nodes of every platform.</summary>
internal static class CommandDocuments
{
    public const string Shell = "AWS-RunShellScript";
    public const string PowerShell = "AWS-RunPowerShellScript";

    /// <summary>The batches that bring a command to nodes, in their order.</summary>
    public static IEnumerable<CommandBatch> Plan(RunCommandOptions options, IEnumerable<NodeRegistration> nodes) => nodes
        .GroupBy(node => DocumentFor(options, node.PlatformType))
        .SelectMany(group => group.Select(node => node.InstanceId).Chunk(CommandBatch.Size)
            .Select(ids => new CommandBatch(group.Key, Parameters(options), ids)));

    /// <summary>Why a node cannot have the command; null where it can.</summary>
    public static string? Unfit(RunCommandOptions options, NodeRegistration node) =>
        options is { Script: not null, Language: ScriptLanguage.Shell } && node.PlatformType == "Windows"
            ? "a shell script does not run on Windows"
            : null;

    private static string DocumentFor(RunCommandOptions options, string? platform) => (options.DocumentName, options.Language) switch
    {
        ({ } name, _) => name,
        (_, ScriptLanguage.Shell) => Shell,
        (_, ScriptLanguage.PowerShell) => PowerShell,
        _ => platform == "Windows" ? PowerShell : Shell,
    };

    private static Dictionary<string, List<string>> Parameters(RunCommandOptions options)
    {
        Dictionary<string, List<string>> parameters = options.Parameters.ToDictionary(one => one.Key, one => one.Value.ToList());
        if (options.Script is { } script)
        {
            // A line each, as the console has it; the agent puts them together again.
            parameters["commands"] = [.. script.ReplaceLineEndings("\n").Split('\n')];
        }

        if (options.WorkingDirectory is { } directory)
        {
            parameters["workingDirectory"] = [directory];
        }

        if (options.ExecutionTimeout is { } timeout)
        {
            parameters["executionTimeout"] = [((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)];
        }

        return parameters;
    }
}
