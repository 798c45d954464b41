using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>AWS's documents for Run Command that every account has.</summary>
internal static class CommandDocumentCatalog
{
    private const string Seconds = "([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)";

    public static IEnumerable<DocumentRecord> Create(DateTimeOffset now)
    {
        yield return Script("AWS-RunShellScript", "aws:runShellScript", "Run a shell script", ["Linux", "MacOS"], now);
        yield return Script(
            "AWS-RunPowerShellScript", "aws:runPowerShellScript", "Run a PowerShell script", ["Windows", "Linux", "MacOS"], now);
    }

    private static DocumentRecord Script(
        string name, string plugin, string description, IReadOnlyList<string> platforms, DateTimeOffset now)
    {
        JsonObject content = new()
        {
            ["schemaVersion"] = "1.2",
            ["description"] = description,
            ["parameters"] = new JsonObject
            {
                ["commands"] = new JsonObject
                {
                    ["type"] = "StringList",
                    ["description"] = "(Required) The lines of the script",
                    ["minItems"] = 1,
                    ["displayType"] = "textarea",
                },
                ["workingDirectory"] = new JsonObject
                {
                    ["type"] = "String",
                    ["default"] = "",
                    ["description"] = "(Optional) Where to run it",
                    ["maxChars"] = 4096,
                },
                ["executionTimeout"] = new JsonObject
                {
                    ["type"] = "String",
                    ["default"] = "3600",
                    ["description"] = "(Optional) Seconds after which it counts as failed, at most 172800",
                    ["allowedPattern"] = Seconds,
                },
            },
            ["runtimeConfig"] = new JsonObject
            {
                [plugin] = new JsonObject
                {
                    ["properties"] = new JsonArray(new JsonObject
                    {
                        ["id"] = $"0.{plugin}",
                        ["runCommand"] = "{{ commands }}",
                        ["workingDirectory"] = "{{ workingDirectory }}",
                        ["timeoutSeconds"] = "{{ executionTimeout }}",
                    }),
                },
            },
        };
        DocumentRecord document = new()
        {
            Name = name,
            Owner = DocumentRecord.Amazon,
            DocumentType = "Command",
            PlatformTypes = platforms,
            Created = now,
        };
        document.Add(SessionDocumentCatalog.Text(content), content, null, now);
        return document;
    }
}
