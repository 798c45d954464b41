using System.Text.Json.Nodes;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Schedules;

/// <summary>
/// The policies of a schedule's two roles: what switches its instances and no others, and what may hand that role to the
/// two runbooks and to nothing else.
/// </summary>
/// <remarks>
/// Sources: Service Authorization Reference, Systems Manager (StartAutomationExecution is asked for on the definition and on
/// the document) and EC2; AWS managed policy AmazonSSMAutomationRole, of which this is what the two runbooks use; Systems
/// Manager User Guide, "Run automations at scale" (targets by tag are looked up with tag:GetResources).
/// </remarks>
internal static class PowerPolicies
{
    /// <summary>The name of the policy in each role.</summary>
    public const string Name = "SsmToolsPowerSchedule";

    private const string Version = "2012-10-17";

    /// <summary>Who may take a role, for this account only.</summary>
    public static JsonObject Trust(string service, JsonNode account) => Document(new JsonObject
    {
        ["Effect"] = "Allow",
        ["Principal"] = new JsonObject { ["Service"] = service },
        ["Action"] = "sts:AssumeRole",
        ["Condition"] = new JsonObject { ["StringEquals"] = new JsonObject { ["aws:SourceAccount"] = account } },
    });

    /// <summary>What the automation role may do.</summary>
    /// <param name="wanted">The schedule.</param>
    /// <param name="instances">The ARN of all instances.</param>
    public static JsonObject Automation(PowerScheduleDescription wanted, JsonNode instances)
    {
        JsonArray actions = [];
        if (wanted.StartTime is not null)
        {
            actions.Add("ec2:StartInstances");
        }

        if (wanted.StopTime is not null)
        {
            actions.Add("ec2:StopInstances");
        }

        return Document(
            new JsonObject
            {
                ["Effect"] = "Allow",
                ["Action"] = actions,
                ["Resource"] = instances,
                ["Condition"] = new JsonObject
                {
                    ["StringEquals"] = new JsonObject { [$"aws:ResourceTag/{wanted.TagKey}"] = wanted.TagValue },
                },
            },
            new JsonObject
            {
                ["Effect"] = "Allow",
                ["Action"] = new JsonArray("ec2:DescribeInstanceStatus", "ec2:DescribeInstances", "tag:GetResources"),
                ["Resource"] = "*",
            });
    }

    /// <summary>What the scheduler's role may do.</summary>
    /// <param name="definitions">The ARNs of what is started.</param>
    /// <param name="automationRole">The ARN of the role that it hands over.</param>
    public static JsonObject Scheduler(IEnumerable<JsonNode> definitions, JsonNode automationRole) => Document(
        new JsonObject
        {
            ["Effect"] = "Allow",
            ["Action"] = "ssm:StartAutomationExecution",
            ["Resource"] = new JsonArray([.. definitions]),
        },
        new JsonObject
        {
            ["Effect"] = "Allow",
            ["Action"] = "iam:PassRole",
            ["Resource"] = automationRole,
            ["Condition"] = new JsonObject
            {
                ["StringEquals"] = new JsonObject { ["iam:PassedToService"] = TrustPolicy.SystemsManager },
            },
        });

    private static JsonObject Document(params JsonObject[] statements) =>
        new() { ["Version"] = Version, ["Statement"] = new JsonArray([.. statements]) };
}
