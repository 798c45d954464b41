using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Associations;

/// <summary>State Manager: what there is, and how it went.</summary>
internal static class AssociationListing
{
    private const int DefaultPage = 50;

    private static readonly string[] s_shown =
        ["Name", "InstanceId", "Targets", "ScheduleExpression", "AssociationName", "DocumentVersion", "ScheduleOffset"];

    private static readonly string[] s_described =
        [.. s_shown, "Parameters", "OutputLocation", "MaxErrors", "MaxConcurrency", "ComplianceSeverity", "SyncCompliance", "ApplyOnlyAtCronInterval"];

    public static JsonObject Describe(ApiCall call) => new() { ["AssociationDescription"] = Description(Find(call)) };

    /// <summary>The association that a request means: by its id, or by document and node.</summary>
    public static AssociationRecord Find(ApiCall call) => call.Text("AssociationId") is { } id
        ? AssociationOperations.Find(call.World, id)
        : call.World.Associations.Records.Values.FirstOrDefault(one =>
            one.Request.Text("Name") == call.Text("Name") && one.Request.Text("InstanceId") == call.Text("InstanceId")
            && call.Text("InstanceId") is not null) ?? throw AssociationOperations.Missing();

    public static JsonObject List(ApiCall call)
    {
        JsonObject[] filters = [.. call.Input.Parts("AssociationFilterList")];
        (IReadOnlyList<AssociationRecord> page, string? next) = Paging.Page(
            call.World.Associations.Records.Values.Where(record => Array.TrueForAll(filters, filter => Fits(record, filter))),
            record => Paging.Key(record.Sequence),
            "ListAssociations", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject { ["Associations"] = page.ToJson(record => Shape(record, s_shown)), ["NextToken"] = next };
    }

    public static JsonObject DescribeExecutions(ApiCall call)
    {
        AssociationRecord record = AssociationOperations.Find(call.World, call.Required("AssociationId"));

        // The latest one comes first.
        (IReadOnlyList<(AssociationRun Run, int Index)> page, string? next) = Paging.Page(
            record.Runs.Select((run, index) => (Run: run, Index: index)),
            one => Paging.Key(long.MaxValue - one.Run.Command.Sequence),
            "DescribeAssociationExecutions", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["AssociationExecutions"] = page.ToJson(one => new JsonObject
            {
                ["AssociationId"] = record.Id,
                ["AssociationVersion"] = Number(one.Run.Version),
                ["ExecutionId"] = one.Run.Id,
                ["Status"] = one.Run.Status,
                ["DetailedStatus"] = one.Run.Status,
                ["CreatedTime"] = one.Run.Created,
                ["LastExecutionDate"] = one.Run.Created,
                ["ResourceCountByStatus"] =
                    $"{{{string.Join(", ", Counts(one.Run.Command.Invocations).Select(count => $"{count.Key}={count.Value}"))}}}",
            }),
            ["NextToken"] = next,
        };
    }

    public static JsonObject DescribeTargets(ApiCall call)
    {
        AssociationRecord record = AssociationOperations.Find(call.World, call.Required("AssociationId"));
        AssociationRun run = record.Runs.Find(one => one.Id == call.Required("ExecutionId"))
            ?? throw new ServiceError("AssociationExecutionDoesNotExist", "The specified execution ID doesn't exist. Verify the ID number and try again.");
        (IReadOnlyList<InvocationRecord> page, string? next) = Paging.Page(
            run.Command.Invocations, one => one.NodeId,
            "DescribeAssociationExecutionTargets", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["AssociationExecutionTargets"] = page.ToJson(one => new JsonObject
            {
                ["AssociationId"] = record.Id,
                ["AssociationVersion"] = Number(run.Version),
                ["ExecutionId"] = run.Id,
                ["ResourceId"] = one.NodeId,
                ["ResourceType"] = "ManagedInstance",
                ["Status"] = AssociationRun.StatusOf(one),
                ["DetailedStatus"] = one.Details,
                ["LastExecutionDate"] = one.Sent ?? run.Created,
            }),
            ["NextToken"] = next,
        };
    }

    public static JsonObject DescribeInstance(ApiCall call)
    {
        string node = call.Required("InstanceId");
        if (call.World.FindNode(node) is null)
        {
            throw new ServiceError("InvalidInstanceId", $"Instance id {node} is not valid.");
        }

        (IReadOnlyList<AssociationRecord> page, string? next) = Paging.Page(
            call.World.Associations.Records.Values.Where(record => record.LastByNode.ContainsKey(node)),
            record => Paging.Key(record.Sequence),
            "DescribeInstanceAssociationsStatus", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["InstanceAssociationStatusInfos"] = page.ToJson(record =>
            {
                AssociationRun run = record.LastByNode[node];
                InvocationRecord one = run.Of(node)!;
                return new JsonObject
                {
                    ["AssociationId"] = record.Id,
                    ["Name"] = record.Request.Text("Name"),
                    ["AssociationName"] = record.Request.Text("AssociationName"),
                    ["DocumentVersion"] = "1",
                    ["AssociationVersion"] = Number(run.Version),
                    ["InstanceId"] = node,
                    ["ExecutionDate"] = one.Sent ?? run.Created,
                    ["Status"] = AssociationRun.StatusOf(one),
                    ["DetailedStatus"] = one.Details,
                    ["ExecutionSummary"] = one.IsOver ? $"1 out of 1 plugin processed, {(one.IsError ? 0 : 1)} success, {(one.IsError ? 1 : 0)} failed." : null,
                    ["ErrorCode"] = one.IsError ? "failed" : null,
                };
            }),
            ["NextToken"] = next,
        };
    }

    public static JsonObject Description(AssociationRecord record)
    {
        JsonObject shape = Shape(record, s_described);
        shape["Date"] = record.Created;
        shape["LastUpdateAssociationDate"] = record.Updated;
        shape["LastSuccessfulExecutionDate"] = record.Runs.FindLast(run => run.Status == "Success")?.Created;
        return shape;
    }

    private static JsonObject Shape(AssociationRecord record, string[] members)
    {
        JsonObject shape = new(members.Where(name => record.Request[name] is not null)
            .Select(name => KeyValuePair.Create(name, (JsonNode?)record.Request[name]!.DeepClone())))
        {
            ["AssociationId"] = record.Id,
            ["AssociationVersion"] = Number(record.Version),
            ["LastExecutionDate"] = record.LastRun?.Created,
        };
        InvocationRecord[] last = [.. record.LastByNode.Select(pair => pair.Value.Of(pair.Key)!)];
        string status = record.LastRun is null ? "Pending"
            : last.Any(one => one.IsError) ? "Failed"
            : Array.Exists(last, one => !one.IsOver) ? "Pending"
            : "Success";
        shape["Overview"] = new JsonObject
        {
            ["Status"] = status,
            ["DetailedStatus"] = status,
            ["AssociationStatusAggregatedCount"] =
                new JsonObject(Counts(last).Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value))),
        };
        return shape;
    }

    private static SortedDictionary<string, int> Counts(IEnumerable<InvocationRecord> invocations) =>
        new(invocations.GroupBy(AssociationRun.StatusOf).ToDictionary(group => group.Key, group => group.Count()));

    private static bool Fits(AssociationRecord record, JsonObject filter)
    {
        string value = filter.Text("value") ?? "";
        return filter.Text("key") switch
        {
            "InstanceId" => record.Request.Text("InstanceId") == value || record.LastByNode.ContainsKey(value),
            "Name" => record.Request.Text("Name") == value,
            "AssociationId" => record.Id == value,
            "AssociationName" => record.Request.Text("AssociationName") == value,
            _ => true,
        };
    }

    private static string Number(int version) => version.ToString(CultureInfo.InvariantCulture);
}
