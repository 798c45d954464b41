using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Engine.Schedules;

/// <summary>What a schedule calls: StartAutomationExecution as a universal target, with its request as JSON.</summary>
/// <remarks>Source: EventBridge Scheduler User Guide, "Using universal targets".</remarks>
internal static class PowerTarget
{
    public const string StartDocument = "AWS-StartEC2Instance";

    public const string StopDocument = "AWS-StopEC2Instance";

    /// <summary>The target's ARN.</summary>
    public static string Arn(string partition) => $"arn:{partition}:scheduler:::aws-sdk:ssm:startAutomationExecution";

    /// <summary>The request.</summary>
    public static string Input(PowerScheduleDescription wanted, bool starts, string automationRole) => new JsonObject
    {
        ["DocumentName"] = starts ? StartDocument : StopDocument,
        ["TargetParameterName"] = "InstanceId",
        ["Targets"] = new JsonArray(new JsonObject
        {
            ["Key"] = $"tag:{wanted.TagKey}",
            ["Values"] = new JsonArray(wanted.TagValue),
        }),
        ["MaxConcurrency"] = wanted.MaxConcurrency,
        ["MaxErrors"] = wanted.MaxErrors,
        ["Parameters"] = new JsonObject { ["AutomationAssumeRole"] = new JsonArray(automationRole) },
    }.ToJsonString(JsonSerializerOptions.Default);

    /// <summary>What a request says; null where it is none of ours.</summary>
    public static PowerScheduleDescription? Read(string name, string? input)
    {
        try
        {
            if (JsonNode.Parse(input ?? "") is not JsonObject call
                || call["Targets"] is not JsonArray { Count: 1 } targets
                || targets[0]?["Key"]?.GetValue<string>() is not { } key
                || !key.StartsWith("tag:", StringComparison.Ordinal)
                || targets[0]?["Values"] is not JsonArray { Count: 1 } values)
            {
                return null;
            }

            return new PowerScheduleDescription
            {
                Name = name,
                TagKey = key["tag:".Length..],
                TagValue = values[0]!.GetValue<string>(),
                MaxConcurrency = call["MaxConcurrency"]?.GetValue<string>() ?? "10",
                MaxErrors = call["MaxErrors"]?.GetValue<string>() ?? "0",
                AutomationRoleArn = call["Parameters"]?["AutomationAssumeRole"]?[0]?.GetValue<string>(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            // Changed by hand into something else.
            return null;
        }
    }
}
