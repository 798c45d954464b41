using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Logs;

/// <summary>Log streams.</summary>
internal static class LogStreamOperations
{
    public static JsonObject Create(ApiCall call)
    {
        LogGroupRecord group = LogLookup.Group(call);
        string name = call.Required("logStreamName");
        if (!group.Streams.TryAdd(name, new LogStreamRecord(name, call.World.Now)))
        {
            throw new ServiceError("ResourceAlreadyExistsException", "The specified log stream already exists");
        }

        return [];
    }

    public static JsonObject Describe(ApiCall call)
    {
        LogGroupRecord group = LogLookup.Group(call);
        string? prefix = call.Text("logStreamNamePrefix");
        bool byTime = call.Text("orderBy") == "LastEventTime";
        if (byTime && prefix is not null)
        {
            throw LogErrors.Invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        List<LogStreamRecord> streams = [.. group.Streams.Values.Where(
            one => prefix is null || one.Name.StartsWith(prefix, StringComparison.Ordinal))];
        if (byTime)
        {
            streams = [.. streams.OrderBy(Last)];
        }

        if (call.Input.Flag("descending") == true)
        {
            streams.Reverse();
        }

        (IReadOnlyList<(LogStreamRecord Stream, int Place)> page, string? next) = Paging.Page(
            streams.Select((stream, place) => (Stream: stream, Place: place)),
            one => Paging.Key(one.Place),
            $"streams of {group.Name}",
            call.Input.Int("limit") ?? 50,
            call.Text("nextToken"),
            LogErrors.BadToken);
        JsonObject answer = new() { ["logStreams"] = page.ToJson(one => Shown(group, one.Stream)) };
        if (next is not null)
        {
            answer["nextToken"] = next;
        }

        return answer;
    }

    private static long Last(LogStreamRecord stream) =>
        stream.Events.Count > 0 ? stream.Events[^1].Timestamp : stream.Created.ToUnixTimeMilliseconds();

    private static JsonObject Shown(LogGroupRecord group, LogStreamRecord stream)
    {
        JsonObject shown = new()
        {
            ["logStreamName"] = stream.Name,
            ["creationTime"] = stream.Created.ToUnixTimeMilliseconds(),
            ["arn"] = $"{group.Arn}:log-stream:{stream.Name}",
            ["storedBytes"] = 0,
        };
        if (stream.Events.Count > 0)
        {
            shown["firstEventTimestamp"] = stream.Events[0].Timestamp;
            shown["lastEventTimestamp"] = stream.Events[^1].Timestamp;
            shown["lastIngestionTime"] = stream.Events.Max(one => one.Ingested);
        }

        return shown;
    }
}
