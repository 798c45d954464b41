using System.Text.Json.Nodes;
using SsmTools.Sandbox.Agents;

namespace SsmTools.Sandbox.World;

/// <summary>
/// AWS's documents that keep machines up. Names, parameters and platforms are AWS's; the two that run scripts from a bucket
/// there have a plugin of the sandbox's agent in their place.
/// </summary>
internal static class UpkeepDocumentCatalog
{
    private static readonly string[] s_inventory =
    [
        "applications", "awsComponents", "files", "networkConfig", "windowsUpdates", "instanceDetailedInformation", "services",
        "windowsRegistry", "windowsRoles", "customInventory", "billingInfo",
    ];

    public static IEnumerable<DocumentRecord> Create(DateTimeOffset now)
    {
        string[] both = ["Windows", "Linux"];
        string[] all = ["Windows", "Linux", "MacOS"];
        yield return Document(
            "AWS-UpdateSSMAgent", "Update the Amazon SSM Agent to the latest version or specified version.", "aws:updateSsmAgent", all, now,
            ("version", "", []), ("allowDowngrade", "false", ["true", "false"]));
        yield return Document(
            "AWS-GatherSoftwareInventory", "Software Inventory Policy Document.", "aws:softwareInventory", all, now,
            [.. s_inventory.Select(name => (name, name is "files" or "windowsRegistry" ? "" : "Enabled", Array.Empty<string>()))]);
        yield return Document(
            "AWS-RunPatchBaseline", "Scans for or installs patches from a patch baseline.", Upkeep.PatchScan, all, now,
            ("Operation", null, ["Scan", "Install"]), ("RebootOption", "RebootIfNeeded", ["RebootIfNeeded", "NoReboot"]), ("SnapshotId", "", []));
        yield return Document(
            "AWS-ConfigureAWSPackage", "Install or uninstall a Distributor package.", "aws:configurePackage", all, now,
            ("action", null, ["Install", "Uninstall"]), ("name", null, []), ("version", "", []),
            ("installationType", "Uninstall and reinstall", ["Uninstall and reinstall", "In-place update"]));
        yield return Document(
            "AmazonCloudWatch-ManageAgent", "Send commands to Amazon CloudWatch Agent", Upkeep.CloudWatch, both, now,
            ("action", "configure", []), ("mode", "ec2", ["ec2", "onPremise", "auto"]), ("optionalConfigurationSource", "ssm", ["ssm", "default", "all"]),
            ("optionalConfigurationLocation", "", []), ("optionalRestart", "yes", ["yes", "no"]));
    }

    private static DocumentRecord Document(
        string name,
        string description,
        string plugin,
        IReadOnlyList<string> platforms,
        DateTimeOffset now,
        params (string Name, string? Default, string[] Allowed)[] parameters)
    {
        JsonObject declared = [];
        JsonObject inputs = [];
        foreach ((string parameter, string? preset, string[] allowed) in parameters)
        {
            JsonObject shape = new() { ["type"] = "String", ["description"] = preset is null ? "(Required)" : "(Optional)" };
            if (preset is not null)
            {
                shape["default"] = preset;
            }

            if (allowed.Length > 0)
            {
                shape["allowedValues"] = new JsonArray([.. allowed.Select(value => JsonValue.Create(value))]);
            }

            declared[parameter] = shape;
            inputs[parameter] = $"{{{{ {parameter} }}}}";
        }

        JsonObject content = new()
        {
            ["schemaVersion"] = "2.2",
            ["description"] = description,
            ["parameters"] = declared,
            ["mainSteps"] = new JsonArray(new JsonObject { ["action"] = plugin, ["name"] = "upkeep", ["inputs"] = inputs }),
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
