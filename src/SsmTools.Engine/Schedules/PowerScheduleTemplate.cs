using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Schedules;

/// <summary>A schedule as a CloudFormation template: the same roles, group and schedules, by names of the stack's own.</summary>
internal static class PowerScheduleTemplate
{
    // Read by people: an apostrophe is one.
    private static readonly JsonSerializerOptions s_options =
        new(JsonSerializerOptions.Default) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(PowerScheduleDescription wanted)
    {
        PowerTimes times = new(wanted.StartTime, wanted.StopTime, wanted.Days);
        JsonObject resources = new()
        {
            ["AutomationRole"] = Role(
                PowerPolicies.Trust(TrustPolicy.SystemsManager, Reference("AWS::AccountId")),
                PowerPolicies.Automation(wanted, Text("arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/*")),
                wanted),
            ["SchedulerRole"] = Role(
                PowerPolicies.Trust(PowerScheduleParts.Scheduler, Reference("AWS::AccountId")),
                PowerPolicies.Scheduler(Definitions(wanted), Attribute("AutomationRole")),
                wanted),
            ["ScheduleGroup"] = new JsonObject
            {
                ["Type"] = "AWS::Scheduler::ScheduleGroup",
                ["Properties"] = new JsonObject { ["Tags"] = Tags(wanted) },
            },
        };
        if (wanted.StartTime is { } start)
        {
            resources["StartSchedule"] = Schedule(wanted, true, PowerTimes.Cron(start, times.Days));
        }

        if (wanted.StopTime is { } stop)
        {
            resources["StopSchedule"] = Schedule(wanted, false, PowerTimes.Cron(stop, times.StopDays));
        }

        return new JsonObject
        {
            ["AWSTemplateFormatVersion"] = "2010-09-09",
            ["Description"] = $"{PowerScheduleNames.Mark}{wanted.Name}: instances with the tag {wanted.TagKey}={wanted.TagValue}",
            ["Resources"] = resources,
        }.ToJsonString(s_options);
    }

    private static IEnumerable<JsonNode> Definitions(PowerScheduleDescription wanted) =>
        PowerScheduleParts.Documents(wanted).SelectMany(document => new JsonNode[]
        {
            Text($"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}::automation-definition/{document}:*"),
            Text($"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}::document/{document}"),
        }).Append(Text("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:automation-execution/*"));

    private static JsonObject Role(JsonObject trust, JsonObject policy, PowerScheduleDescription wanted) => new()
    {
        ["Type"] = "AWS::IAM::Role",
        ["Properties"] = new JsonObject
        {
            ["AssumeRolePolicyDocument"] = trust,
            ["Policies"] = new JsonArray(new JsonObject { ["PolicyName"] = PowerPolicies.Name, ["PolicyDocument"] = policy }),
            ["Tags"] = Tags(wanted),
        },
    };

    private static JsonObject Schedule(PowerScheduleDescription wanted, bool starts, string cron)
    {
        // In a text with places to fill in, a dollar sign and a brace that are none are written with an exclamation mark.
        string input = PowerTarget.Input(wanted, starts, "\u0001").Replace("${", "${!", StringComparison.Ordinal)
            .Replace("\\u0001", "${AutomationRole.Arn}", StringComparison.Ordinal);
        JsonObject window = new() { ["Mode"] = wanted.FlexibleMinutes > 0 ? "FLEXIBLE" : "OFF" };
        if (wanted.FlexibleMinutes > 0)
        {
            window["MaximumWindowInMinutes"] = wanted.FlexibleMinutes;
        }

        return new JsonObject
        {
            ["Type"] = "AWS::Scheduler::Schedule",
            ["Properties"] = new JsonObject
            {
                ["Description"] = $"{PowerScheduleNames.Mark}{wanted.Name}: {(starts ? "starts" : "stops")} instances",
                ["GroupName"] = Reference("ScheduleGroup"),
                ["ScheduleExpression"] = cron,
                ["ScheduleExpressionTimezone"] = wanted.TimeZone,
                ["State"] = wanted.Enabled ? "ENABLED" : "DISABLED",
                ["FlexibleTimeWindow"] = window,
                ["Target"] = new JsonObject
                {
                    ["Arn"] = Text(PowerTarget.Arn("${AWS::Partition}")),
                    ["RoleArn"] = Attribute("SchedulerRole"),
                    ["Input"] = Text(input),
                },
            },
        };
    }

    private static JsonArray Tags(PowerScheduleDescription wanted) =>
        new(new JsonObject { ["Key"] = SsmToolsTag.Key, ["Value"] = wanted.Name });

    private static JsonObject Text(string text) => new() { ["Fn::Sub"] = text };

    private static JsonObject Reference(string name) => new() { ["Ref"] = name };

    private static JsonObject Attribute(string role) => new() { ["Fn::GetAtt"] = new JsonArray(role, "Arn") };
}
