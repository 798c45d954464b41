using System.Text.Json.Nodes;
using SsmTools.Sandbox.Automation;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Automation: starting, looking and calling off.</summary>
internal static class AutomationOperations
{
    private const int DefaultPage = 50;

    public static JsonObject Start(ApiCall call) =>
        new() { ["AutomationExecutionId"] = call.World.Automation.Start(call.Caller, call.Input).Id };

    public static JsonObject Stop(ApiCall call)
    {
        call.World.Automation.Stop(Find(call), waits: call.Text("Type") == "Complete");
        return [];
    }

    public static JsonObject Get(ApiCall call) => new() { ["AutomationExecution"] = AutomationShapes.Execution(Find(call)) };

    public static JsonObject Describe(ApiCall call)
    {
        JsonObject[] filters = [.. call.Input.Parts("Filters")];
        IEnumerable<AutomationRecord> all = call.World.Automations.Values
            .Where(run => Array.TrueForAll(filters, filter => Fits(run, filter.Text("Key") ?? "", filter.Texts("Values"))));

        // Newest first: the key counts down.
        (IReadOnlyList<AutomationRecord> page, string? next) = Paging.Page(
            all, run => Paging.Key(long.MaxValue - run.Sequence),
            "DescribeAutomationExecutions", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["AutomationExecutionMetadataList"] = page.ToJson(AutomationShapes.Metadata),
            ["NextToken"] = next,
        };
    }

    public static JsonObject DescribeSteps(ApiCall call)
    {
        JsonObject[] filters = [.. call.Input.Parts("Filters")];
        bool reversed = call.Input.Flag("ReverseOrder") == true;
        IEnumerable<(AutomationStep Step, int Index)> steps = Find(call).Steps
            .Select((step, index) => (step, index))
            .Where(item => Array.TrueForAll(filters, filter => Fits(item.step, filter.Text("Key") ?? "", filter.Texts("Values"))));
        (IReadOnlyList<(AutomationStep Step, int Index)> page, string? next) = Paging.Page(
            steps, item => Paging.Key(reversed ? int.MaxValue - item.Index : item.Index),
            "DescribeAutomationStepExecutions", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject { ["StepExecutions"] = page.ToJson(item => AutomationShapes.Step(item.Step)), ["NextToken"] = next };
    }

    private static AutomationRecord Find(ApiCall call)
    {
        string id = call.Required("AutomationExecutionId");
        return call.World.Automations.GetValueOrDefault(id) ?? throw AutomationErrors.NotFound(id);
    }

    private static bool Fits(AutomationRecord run, string key, IReadOnlyList<string> values) => key switch
    {
        "ExecutionId" => values.Contains(run.Id),
        "ParentExecutionId" => run.Parent is { } parent && values.Contains(parent.Id),
        "ExecutionStatus" => values.Contains(run.Status),
        "DocumentNamePrefix" => values.Any(value => run.DocumentName.StartsWith(value, StringComparison.Ordinal)),
        "CurrentAction" => values.Contains(run.Steps.Find(step => step.Ended is null)?.Action ?? ""),
        "StartTimeBefore" => values.All(value => run.Started < Time(value)),
        "StartTimeAfter" => values.All(value => run.Started >= Time(value)),
        "AutomationType" => values.Contains("Local"),
        _ => false,
    };

    private static bool Fits(AutomationStep step, string key, IReadOnlyList<string> values) => key switch
    {
        "StepName" => values.Contains(step.Name),
        "StepExecutionId" => values.Contains(step.Id),
        "StepExecutionStatus" => values.Contains(step.Status),
        "Action" => values.Contains(step.Action),
        "StartTimeBefore" => values.All(value => step.Started < Time(value)),
        "StartTimeAfter" => values.All(value => step.Started >= Time(value)),
        _ => false,
    };

    private static DateTimeOffset Time(string value) => Timestamps.TryParse(value, out DateTimeOffset time)
        ? time
        : throw new ServiceError("InvalidFilterValue", $"{value} is not a valid date and time.");
}
