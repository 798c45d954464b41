using System.Text.Json.Nodes;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Commands as the API shows them.</summary>
internal static class CommandShapes
{
    /// <summary>As much of a step's output as a listing has.</summary>
    private const int ListedOutput = 2500;

    private static readonly string[] s_asAsked =
    [
        "Comment", "Targets", "OutputS3Region", "OutputS3BucketName", "OutputS3KeyPrefix", "NotificationConfig",
        "CloudWatchOutputConfig",
    ];

    public static JsonObject Command(CommandRecord command)
    {
        JsonObject shape = new()
        {
            ["CommandId"] = command.CommandId,
            ["DocumentName"] = command.DocumentName,
            ["DocumentVersion"] = command.DocumentVersion,
            ["ExpiresAfter"] = command.Requested + command.DeliveryTimeout,
            ["Parameters"] = command.Parameters.DeepClone(),
            ["InstanceIds"] = command.Request.Texts("InstanceIds").ToJson(),
            ["RequestedDateTime"] = command.Requested,
            ["Status"] = command.Status,
            ["StatusDetails"] = command.StatusDetails,
            ["MaxConcurrency"] = command.MaxConcurrency,
            ["MaxErrors"] = command.MaxErrors,
            ["TargetCount"] = command.Invocations.Count,
            ["CompletedCount"] = command.Invocations.Count(one => one.IsOver),
            ["ErrorCount"] = command.Errors,
            ["DeliveryTimedOutCount"] = command.Invocations.Count(one => one.Details == "DeliveryTimedOut"),
            ["ServiceRole"] = command.Request.Text("ServiceRoleArn"),
            ["TimeoutSeconds"] = (int)command.DeliveryTimeout.TotalSeconds,
        };
        CopyAsked(command, shape);
        return shape;
    }

    /// <summary>One node's part in a listing.</summary>
    /// <param name="command">The command.</param>
    /// <param name="invocation">The part.</param>
    /// <param name="hasDetails">Whether the steps are shown, too.</param>
    public static JsonObject Invocation(CommandRecord command, InvocationRecord invocation, bool hasDetails) => new()
    {
        ["CommandId"] = command.CommandId,
        ["InstanceId"] = invocation.NodeId,
        ["InstanceName"] = invocation.Name,
        ["Comment"] = command.Request.Text("Comment"),
        ["DocumentName"] = command.DocumentName,
        ["DocumentVersion"] = command.DocumentVersion,
        ["RequestedDateTime"] = invocation.Sent,
        ["Status"] = invocation.Status,
        ["StatusDetails"] = invocation.Details,
        ["StandardOutputUrl"] = Url(command, invocation, invocation.Steps.FirstOrDefault(), "stdout"),
        ["StandardErrorUrl"] = Url(command, invocation, invocation.Steps.FirstOrDefault(), "stderr"),
        ["CommandPlugins"] = hasDetails ? invocation.Steps.ToJson(step => Plugin(command, invocation, step)) : new JsonArray(),
        ["ServiceRole"] = command.Request.Text("ServiceRoleArn"),
        ["CloudWatchOutputConfig"] = command.Request["CloudWatchOutputConfig"]?.DeepClone(),
    };

    /// <summary>One node's part by itself.</summary>
    /// <param name="command">The command.</param>
    /// <param name="invocation">The part.</param>
    /// <param name="step">The step that is looked at; null where none has begun.</param>
    public static JsonObject Result(CommandRecord command, InvocationRecord invocation, StepRecord? step) => new()
    {
        ["CommandId"] = command.CommandId,
        ["InstanceId"] = invocation.NodeId,
        ["Comment"] = command.Request.Text("Comment"),
        ["DocumentName"] = command.DocumentName,
        ["DocumentVersion"] = command.DocumentVersion,
        ["PluginName"] = step?.Name,
        ["ResponseCode"] = step is { Status: not "InProgress" and not "NotStarted" } ? step.Code : -1,
        ["ExecutionStartDateTime"] = Text(step?.Started),
        ["ExecutionElapsedTime"] = step is { Started: { } from, Ended: { } to } ? System.Xml.XmlConvert.ToString(to - from) : "",
        ["ExecutionEndDateTime"] = Text(step?.Ended),
        ["Status"] = invocation.Status,
        ["StatusDetails"] = invocation.Details,
        ["StandardOutputContent"] = step?.StandardOutput ?? "",
        ["StandardOutputUrl"] = Url(command, invocation, step, "stdout"),
        ["StandardErrorContent"] = step?.StandardError ?? "",
        ["StandardErrorUrl"] = Url(command, invocation, step, "stderr"),
        ["CloudWatchOutputConfig"] = command.Request["CloudWatchOutputConfig"]?.DeepClone(),
    };

    private static JsonObject Plugin(CommandRecord command, InvocationRecord invocation, StepRecord step) => new()
    {
        ["Name"] = step.Name,
        ["Status"] = step.Status is "NotStarted" ? "Pending" : step.Status is "Skipped" ? "Success" : step.Status,
        ["StatusDetails"] = step.Status is "TimedOut" ? "ExecutionTimedOut" : step.Status,
        ["ResponseCode"] = step.Code,
        ["ResponseStartDateTime"] = step.Started,
        ["ResponseFinishDateTime"] = step.Ended,
        ["Output"] = step.Output.Length > ListedOutput ? step.Output[..ListedOutput] : step.Output,
        ["StandardOutputUrl"] = Url(command, invocation, step, "stdout"),
        ["StandardErrorUrl"] = Url(command, invocation, step, "stderr"),
        ["OutputS3BucketName"] = command.Request.Text("OutputS3BucketName") ?? "",
        ["OutputS3KeyPrefix"] = command.Request.Text("OutputS3KeyPrefix") ?? "",
    };

    /// <summary>Where an output lies, whether the agent could put it there or not; empty where it was not asked for.</summary>
    private static string Url(CommandRecord command, InvocationRecord invocation, StepRecord? step, string output) =>
        step is not null && command.Request.Text("OutputS3BucketName") is { Length: > 0 } bucket
            ? $"https://s3.{command.Region}.amazonaws.com/{bucket}/" + CommandPlaces.Key(
                command.Request.Text("OutputS3KeyPrefix"), command.CommandId, invocation.NodeId,
                CommandPlaces.PluginOf(command.Document, step.Name), output)
            : "";

    private static void CopyAsked(CommandRecord command, JsonObject shape)
    {
        foreach (string name in s_asAsked)
        {
            if (command.Request[name] is JsonNode asked)
            {
                shape[name] = asked.DeepClone();
            }
        }
    }

    private static string Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
