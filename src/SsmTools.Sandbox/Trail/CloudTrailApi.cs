using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Trail;

/// <summary>CloudTrail's operations: the event history, fifty a page and twice a second as in AWS, and the one trail.</summary>
internal sealed class CloudTrailApi
{
    public const string Service = "cloudtrail";
    private const int LargestPage = 50;
    private const int CallsPerSecond = 2;
    private static readonly JsonSerializerOptions s_compact = new();

    private readonly Queue<DateTimeOffset> _recent = new();

    private CloudTrailApi()
    {
    }

    public static OperationTable Create()
    {
        CloudTrailApi api = new();
        return new OperationTable().Add("LookupEvents", api.LookupEvents).Add("DescribeTrails", DescribeTrails);
    }

    private static JsonObject DescribeTrails(ApiCall call) => new()
    {
        ["trailList"] = call.World.Trail.HasTrail
            ? new JsonArray(new JsonObject
            {
                ["Name"] = "sandbox",
                ["S3BucketName"] = "sandbox-trail",
                ["IsMultiRegionTrail"] = true,
                ["HomeRegion"] = call.World.Region,
                ["TrailARN"] = $"arn:aws:cloudtrail:{call.World.Region}:{call.World.AccountId}:trail/sandbox",
            })
            : new JsonArray(),
    };

    private static bool Fits(TrailEvent one, JsonObject attribute)
    {
        string value = attribute.Text("AttributeValue") ?? "";
        return attribute.Text("AttributeKey") switch
        {
            "EventId" => one.Id == value,
            "EventName" => one.Name == value,
            "EventSource" => one.Source == value,
            "ReadOnly" => one.ReadOnly == (value == "true"),
            "Username" => one.UserName == value,
            "AccessKeyId" => one.AccessKeyId == value,
            _ => false,
        };
    }

    private JsonObject LookupEvents(ApiCall call)
    {
        Throttle(call.World.Now);
        JsonObject[] attributes = [.. call.Input.Parts("LookupAttributes")];
        if (attributes.Length > 1)
        {
            throw new ServiceError("InvalidLookupAttributesException", "You can only specify one lookup attribute.");
        }

        int size = call.Input.Int("MaxResults") ?? LargestPage;
        if (size is < 1 or > LargestPage)
        {
            throw new ServiceError("InvalidMaxResultsException", "Max results must be between 1 and 50.");
        }

        DateTimeOffset? start = Time(call.Input["StartTime"]);
        DateTimeOffset? end = Time(call.Input["EndTime"]);
        if (start > end)
        {
            throw new ServiceError("InvalidTimeRangeException", "Start time must not be after end time.");
        }

        IEnumerable<TrailEvent> events = call.World.Trail.Read()
            .Where(one => (start is null || one.Time >= start) && (end is null || one.Time <= end))
            .Where(one => attributes.Length == 0 || Fits(one, attributes[0]));
        (IReadOnlyList<TrailEvent> page, string? next) = Paging.Page(
            events, one => Paging.Key(long.MaxValue - one.Sequence), "LookupEvents", size, call.Text("NextToken"),
            () => new ServiceError("InvalidNextTokenException", "Invalid token."));
        return new JsonObject { ["Events"] = page.ToJson(Shape), ["NextToken"] = next };
    }

    private static JsonObject Shape(TrailEvent one) => new()
    {
        ["EventId"] = one.Id,
        ["EventName"] = one.Name,
        ["ReadOnly"] = one.ReadOnly ? "true" : "false",
        ["AccessKeyId"] = one.AccessKeyId,
        ["EventTime"] = one.Time,
        ["EventSource"] = one.Source,
        ["Username"] = one.UserName,
        ["Resources"] = new JsonArray(),
        ["CloudTrailEvent"] = one.Record.ToJsonString(s_compact),
    };

    private static DateTimeOffset? Time(JsonNode? node) => node is JsonValue value
        ? value.TryGetValue(out DateTimeOffset time) ? time
            : value.TryGetValue(out double seconds) ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : Timestamps.TryParse(value.ToString(), out DateTimeOffset parsed) ? parsed : null
        : null;

    private void Throttle(DateTimeOffset now)
    {
        while (_recent.TryPeek(out DateTimeOffset oldest) && now - oldest >= TimeSpan.FromSeconds(1))
        {
            _recent.Dequeue();
        }

        if (_recent.Count >= CallsPerSecond)
        {
            throw new ServiceError("ThrottlingException", "Rate exceeded");
        }

        _recent.Enqueue(now);
    }
}
