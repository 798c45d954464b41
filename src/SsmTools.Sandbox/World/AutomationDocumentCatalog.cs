using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>AWS's runbooks for switching instances on and off, which every account has.</summary>
internal static class AutomationDocumentCatalog
{
    public static IEnumerable<DocumentRecord> Create(DateTimeOffset now)
    {
        yield return Runbook("AWS-StartEC2Instance", "Start EC2 instances(s)", now, Step("startInstances", "running"));

        // What does not stop by itself is stopped by force: the second step finds most of them stopped already.
        JsonObject gentle = Step("stopInstances", "stopped");
        gentle["onFailure"] = "Continue";
        JsonObject force = Step("forceStopInstances", "stopped");
        force["inputs"]!["Force"] = true;
        yield return Runbook("AWS-StopEC2Instance", "Stop EC2 instances(s)", now, gentle, force);
    }

    private static JsonObject Step(string name, string state) => new()
    {
        ["name"] = name,
        ["action"] = "aws:changeInstanceState",
        ["inputs"] = new JsonObject { ["InstanceIds"] = "{{ InstanceId }}", ["DesiredState"] = state },
    };

    private static DocumentRecord Runbook(string name, string description, DateTimeOffset now, params JsonObject[] steps)
    {
        JsonObject content = new()
        {
            ["description"] = description,
            ["schemaVersion"] = "0.3",
            ["assumeRole"] = "{{ AutomationAssumeRole }}",
            ["parameters"] = new JsonObject
            {
                ["InstanceId"] = new JsonObject
                {
                    ["type"] = "StringList",
                    ["description"] = "(Required) EC2 Instance(s)",
                    ["allowedPattern"] = "^i-[a-z0-9]{8,17}$",
                },
                ["AutomationAssumeRole"] = new JsonObject
                {
                    ["type"] = "String",
                    ["description"] = "(Optional) The ARN of the role that allows Automation to act on your behalf.",
                    ["default"] = "",
                    ["allowedPattern"] = "^$|^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]+$",
                },
            },
            ["mainSteps"] = new JsonArray([.. steps]),
        };
        DocumentRecord document = new()
        {
            Name = name,
            Owner = DocumentRecord.Amazon,
            DocumentType = "Automation",
            Created = now,
        };
        document.Add(SessionDocumentCatalog.Text(content), content, null, now);
        return document;
    }
}
