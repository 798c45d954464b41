using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Commands;

/// <summary>
/// The messages of Run Command on a control channel (amazon-ssm-agent, agent/messageservice/contracts; agent_job and its
/// kin).
/// </summary>
internal static class CommandMessages
{
    private const string SendTopic = "aws.ssm.sendCommand";
    private const string CancelTopic = "aws.ssm.cancelCommand";

    /// <summary>Tells an agent to run a command.</summary>
    public static byte[] Send(CommandRecord command, string nodeId, DateTimeOffset now) => Job(
        SendTopic, JobId(command.CommandId, nodeId), now, new JsonObject
        {
            ["Parameters"] = command.Parameters.DeepClone(),
            ["DocumentContent"] = command.Document.DeepClone(),
            ["CommandId"] = command.CommandId,
            ["DocumentName"] = command.DocumentName,
            ["OutputS3KeyPrefix"] = command.Request.Text("OutputS3KeyPrefix") ?? "",
            ["OutputS3BucketName"] = command.Request.Text("OutputS3BucketName") ?? "",
            ["CloudWatchLogGroupName"] = command.Request.Part("CloudWatchOutputConfig").Text("CloudWatchLogGroupName") ?? "",
            ["CloudWatchOutputEnabled"] =
                command.Request.Part("CloudWatchOutputConfig").Flag("CloudWatchOutputEnabled") == true ? "true" : "false",
        });

    /// <summary>Tells an agent to end a command.</summary>
    public static byte[] Cancel(CommandRecord command, string nodeId, string cancelId, DateTimeOffset now) => Job(
        CancelTopic, JobId(cancelId, nodeId), now, new JsonObject { ["CancelMessageId"] = JobId(command.CommandId, nodeId) });

    /// <summary>Tells an agent that its result was taken.</summary>
    public static byte[] ReplyReceipt(string jobId, Guid messageId, DateTimeOffset now) => Frame(
        MessageType.AgentJobReplyAck,
        now,
        new JsonObject { ["jobId"] = jobId, ["acknowledgedMessageId"] = messageId.ToString("D") });

    /// <summary>An agent's word that it has a job.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="messageId">The message that brought it.</param>
    /// <param name="status">200, or one of the 514xx.</param>
    /// <param name="now">The time.</param>
    public static byte[] Receipt(string jobId, Guid messageId, int status, DateTimeOffset now) => Frame(
        MessageType.AgentJobAck,
        now,
        new JsonObject
        {
            ["jobId"] = jobId,
            ["acknowledgedMessageId"] = messageId.ToString("D"),
            ["createdDate"] = Time(now),
            ["statusCode"] = status,
            ["errorMessage"] = "",
        });

    /// <summary>An agent's report of a command.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="status">InProgress, Success, Failed, TimedOut or Cancelled.</param>
    /// <param name="steps">Its steps.</param>
    /// <param name="messageId">The report's id.</param>
    /// <param name="now">The time.</param>
    public static byte[] Reply(string jobId, string status, IEnumerable<StepRecord> steps, Guid messageId, DateTimeOffset now)
    {
        JsonObject runtime = new(steps.Select(step => KeyValuePair.Create(step.Name, (JsonNode?)Shape(step))));
        JsonObject content = new()
        {
            ["additionalInfo"] = new JsonObject { ["dateTime"] = Time(now), ["runId"] = "", ["runtimeStatusCounts"] = new JsonObject() },
            ["documentStatus"] = status,
            ["documentTraceOutput"] = "",
            ["runtimeStatus"] = runtime,
        };
        return Frame(
            MessageType.AgentJobReply,
            now,
            new JsonObject { ["schemaVersion"] = 1, ["jobId"] = jobId, ["content"] = content.ToJsonString(), ["topic"] = SendTopic },
            messageId);
    }

    /// <summary>Reads a job: what to run, or what to end.</summary>
    public static (string JobId, JsonObject Content, bool IsCancel)? ReadJob(ReadOnlyMemory<byte> payload) => Read(payload, job =>
        (Need(job, "JobId"), Parse(Need(job, "Content")), Need(job, "Topic").StartsWith(CancelTopic, StringComparison.Ordinal)));

    /// <summary>Reads a receipt for a job.</summary>
    public static (string JobId, int Status)? ReadReceipt(ReadOnlyMemory<byte> payload) =>
        Read(payload, receipt => (Need(receipt, "jobId"), receipt.Int("statusCode") ?? 200));

    /// <summary>Reads a report.</summary>
    public static (string JobId, string Status, StepRecord[] Steps)? ReadReply(ReadOnlyMemory<byte> payload) => Read(payload, reply =>
    {
        JsonObject content = Parse(Need(reply, "content"));
        return (Need(reply, "jobId"), Need(content, "documentStatus"), content.Part("runtimeStatus").Select(Step).ToArray());
    });

    /// <summary>Reads the receipt for a report: which report it is for.</summary>
    public static Guid? ReadReplyReceipt(ReadOnlyMemory<byte> payload) =>
        Read(payload, receipt => Guid.Parse(Need(receipt, "acknowledgedMessageId")));

    /// <summary>A job's id.</summary>
    public static string JobId(string commandId, string nodeId) => $"aws.ssm.{commandId}.{nodeId}";

    /// <summary>The command that a job is of.</summary>
    public static string CommandId(string jobId) => jobId.Split('.') is { Length: >= 4 } parts ? parts[2] : "";

    private static JsonObject Shape(StepRecord step) => new()
    {
        ["status"] = step.Status,
        ["code"] = step.Code,
        ["name"] = step.Name,
        ["output"] = step.Output,
        ["startDateTime"] = Time(step.Started ?? DateTimeOffset.UnixEpoch),
        ["endDateTime"] = Time(step.Ended ?? DateTimeOffset.UnixEpoch),
        ["outputS3BucketName"] = "",
        ["outputS3KeyPrefix"] = "",
        ["stepName"] = step.Name,
        ["standardOutput"] = step.StandardOutput,
        ["standardError"] = step.StandardError,
    };

    private static StepRecord Step(KeyValuePair<string, JsonNode?> one)
    {
        JsonObject step = one.Value as JsonObject ?? [];
        return new StepRecord(
            one.Key,
            step.Text("status") ?? "Failed",
            step.Int("code") ?? -1,
            Time(step.Text("startDateTime")),
            Time(step.Text("endDateTime")),
            step.Text("output") ?? "",
            step.Text("standardOutput") ?? "",
            step.Text("standardError") ?? "");
    }

    private static byte[] Job(string topic, string jobId, DateTimeOffset now, JsonObject content) => Frame(
        MessageType.AgentJob,
        now,
        new JsonObject { ["Content"] = content.ToJsonString(), ["JobId"] = jobId, ["Topic"] = topic, ["SchemaVersion"] = 1 });

    private static byte[] Frame(string type, DateTimeOffset now, JsonObject payload, Guid? id = null) =>
        AgentMessageCodec.Encode(new AgentMessage
        {
            MessageType = type,
            CreatedDate = (ulong)now.ToUnixTimeMilliseconds(),
            Flags = MessageFlags.SynFin,
            MessageId = id ?? Guid.NewGuid(),
            Payload = Encoding.UTF8.GetBytes(payload.ToJsonString()),
        });

    /// <summary>Reads what comes from a peer: what is not of the form that it ought to be is nothing.</summary>
    private static T? Read<T>(ReadOnlyMemory<byte> payload, Func<JsonObject, T> read)
        where T : struct
    {
        try
        {
            return read(Parse(Encoding.UTF8.GetString(payload.Span)));
        }
        catch (Exception e) when (
            e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static JsonObject Parse(string json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new FormatException("It is no object.");

    private static string Need(JsonObject from, string name) =>
        from.Text(name) ?? throw new FormatException($"{name} is missing.");

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>What lies before anybody's computer was not told: Go's zero time, the epoch.</summary>
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) && time.Year > 1970
            ? time
            : null;
}
