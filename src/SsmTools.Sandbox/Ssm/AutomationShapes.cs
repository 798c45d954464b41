using System.Text.Json.Nodes;
using SsmTools.Sandbox.Automation;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Automation's runs as the API shows them.</summary>
internal static class AutomationShapes
{
    private static readonly string[] s_asAsked = ["TargetParameterName", "Targets", "MaxConcurrency", "MaxErrors"];

    public static JsonObject Execution(AutomationRecord run)
    {
        JsonObject shape = Common(run);
        shape["AutomationExecutionStatus"] = run.Status;
        shape["StepExecutions"] = run.Steps.ToJson(Step);
        shape["StepExecutionsTruncated"] = false;
        shape["Parameters"] = run.Parameters.DeepClone();
        if (run.Targets is { } targets)
        {
            shape["ProgressCounters"] = new JsonObject
            {
                ["TotalSteps"] = targets.Count,
                ["SuccessSteps"] = Count("Success"),
                ["FailedSteps"] = Count("Failed"),
                ["CancelledSteps"] = Count("Cancelled"),
                ["TimedOutSteps"] = Count("TimedOut"),
            };
        }

        return shape;

        int Count(string status) => run.Children.Count(child => child.Status == status);
    }

    public static JsonObject Metadata(AutomationRecord run)
    {
        JsonObject shape = Common(run);
        shape["AutomationExecutionStatus"] = run.Status;
        shape["LogFile"] = "";
        shape["AutomationType"] = "Local";
        return shape;
    }

    public static JsonObject Step(AutomationStep step) => new()
    {
        ["StepName"] = step.Name,
        ["Action"] = step.Action,
        ["TimeoutSeconds"] = step.TimeoutSeconds,
        ["OnFailure"] = step.OnFailure,
        ["MaxAttempts"] = 1,
        ["ExecutionStartTime"] = step.Started,
        ["ExecutionEndTime"] = step.Ended,
        ["StepStatus"] = step.Status,
        ["ResponseCode"] = step.Status == "Success" ? "0" : null,
        ["Inputs"] = new JsonObject(step.Inputs.Select(
            input => KeyValuePair.Create(input.Key, (JsonNode?)(input.Value is JsonValue value && value.TryGetValue(out string? text) ? text : input.Value!.ToJsonString())))),
        ["FailureMessage"] = step.Failure,
        ["StepExecutionId"] = step.Id,
        ["IsEnd"] = step.IsLast,
        ["IsCritical"] = true,
    };

    private static JsonObject Common(AutomationRecord run)
    {
        AutomationStep? current = run.Steps.Find(step => step.Ended is null);
        JsonObject shape = new()
        {
            ["AutomationExecutionId"] = run.Id,
            ["DocumentName"] = run.DocumentName,
            ["DocumentVersion"] = $"{run.DocumentVersion}",
            ["ExecutionStartTime"] = run.Started,
            ["ExecutionEndTime"] = run.Ended,
            ["FailureMessage"] = run.Failure,
            ["Mode"] = "Auto",
            ["ParentAutomationExecutionId"] = run.Parent?.Id,
            ["ExecutedBy"] = run.ExecutedBy,
            ["CurrentStepName"] = current?.Name,
            ["CurrentAction"] = current?.Action,
            ["Target"] = run.Target,
        };
        foreach (string name in s_asAsked)
        {
            shape[name] = run.Request[name]?.DeepClone();
        }

        if (run.Targets is { } targets)
        {
            shape["ResolvedTargets"] = new JsonObject { ["ParameterValues"] = targets.ToJson(), ["Truncated"] = false };
        }

        return shape;
    }
}
