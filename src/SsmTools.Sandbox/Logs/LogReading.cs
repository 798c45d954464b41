using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Logs;

/// <summary>Reading log streams, one or many.</summary>
internal static class LogReading
{
    private const int MostEvents = 10_000;
    private const int MostBytes = 1_048_576;

    /// <summary>One stream, on from a place either way. At an end the token that was given comes back.</summary>
    public static JsonObject Get(ApiCall call)
    {
        LogStreamRecord stream = LogLookup.Stream(call, LogLookup.Group(call));
        string? token = call.Text("nextToken");
        bool isForward = token?.StartsWith("f/", StringComparison.Ordinal) ?? call.Input.Flag("startFromHead") == true;
        (long Timestamp, long Sequence)? place = token is null ? null : Place(token);
        IEnumerable<LogEventRecord> events = stream.Events.Where(InTime(call));
        events = isForward
            ? Page(events.Where(one => place is null || Compare(one, place.Value) > 0), call)
            : Page(events.Reverse().Where(one => place is null || Compare(one, place.Value) < 0), call).Reverse();
        List<LogEventRecord> page = [.. events];
        return new JsonObject
        {
            ["events"] = page.ToJson(one => new JsonObject
            {
                ["timestamp"] = one.Timestamp,
                ["message"] = one.Message,
                ["ingestionTime"] = one.Ingested,
            }),
            ["nextForwardToken"] = page.Count > 0 ? Token('f', page[^1]) : Moved('f', token),
            ["nextBackwardToken"] = page.Count > 0 ? Token('b', page[0]) : Moved('b', token),
        };
    }

    /// <summary>Many streams of a group, in the order of time.</summary>
    public static JsonObject Filter(ApiCall call)
    {
        LogGroupRecord group = LogLookup.Group(call);
        IReadOnlyList<string> names = call.Input.Texts("logStreamNames");
        string? prefix = call.Text("logStreamNamePrefix");
        if (names.Count > 0 && prefix is not null)
        {
            throw LogErrors.Invalid("logStreamNamePrefix and logStreamNames are mutually exclusive parameters.");
        }

        if (names.Any(name => !group.Streams.ContainsKey(name)))
        {
            throw LogErrors.NoStream();
        }

        FilterPattern pattern = FilterPattern.Parse(call.Text("filterPattern") ?? "");
        (long Timestamp, long Sequence)? after = call.Text("nextToken") is string token ? Place(token) : null;
        var found = group.Streams.Values
            .Where(stream => names.Count > 0 ? names.Contains(stream.Name) : prefix is null || stream.Name.StartsWith(prefix, StringComparison.Ordinal))
            .SelectMany(stream => stream.Events.Where(InTime(call)).Select(one => (Stream: stream.Name, Event: one)))
            .Where(one => pattern.Matches(one.Event.Message) && (after is null || Compare(one.Event, after.Value) > 0))
            .OrderBy(one => one.Event.Timestamp).ThenBy(one => one.Event.Sequence);
        Dictionary<long, string> streams = [];
        List<LogEventRecord> rest = [];
        foreach ((string stream, LogEventRecord one) in found)
        {
            streams[one.Sequence] = stream;
            rest.Add(one);
        }

        List<LogEventRecord> page = [.. Page(rest, call)];
        JsonObject answer = new()
        {
            ["events"] = page.ToJson(one => new JsonObject
            {
                ["logStreamName"] = streams[one.Sequence],
                ["timestamp"] = one.Timestamp,
                ["message"] = one.Message,
                ["ingestionTime"] = one.Ingested,
                ["eventId"] = $"{one.Timestamp:D20}{one.Sequence:D36}",
            }),
            ["searchedLogStreams"] = new JsonArray(),
        };
        if (page.Count < rest.Count)
        {
            answer["nextToken"] = Token('f', page[^1]);
        }

        return answer;
    }

    private static Func<LogEventRecord, bool> InTime(ApiCall call)
    {
        long start = call.Input["startTime"]?.GetValue<long>() ?? 0;
        long end = call.Input["endTime"]?.GetValue<long>() ?? long.MaxValue;
        return one => one.Timestamp >= start && one.Timestamp < end;
    }

    /// <summary>As many as fit into an answer.</summary>
    private static IEnumerable<LogEventRecord> Page(IEnumerable<LogEventRecord> events, ApiCall call)
    {
        int bytes = 0;
        return events.Take(call.Input.Int("limit") ?? MostEvents).TakeWhile(
            (one, place) => (bytes += Encoding.UTF8.GetByteCount(one.Message)) <= MostBytes || place == 0);
    }

    private static int Compare(LogEventRecord one, (long Timestamp, long Sequence) place) =>
        (one.Timestamp, one.Sequence).CompareTo(place);

    private static string Token(char way, LogEventRecord at) => string.Create(CultureInfo.InvariantCulture, $"{way}/{at.Timestamp}.{at.Sequence}");

    /// <summary>The same place, the other way or on.</summary>
    private static string Moved(char way, string? token) => token is null ? $"{way}/0.0" : $"{way}{token[1..]}";

    private static (long Timestamp, long Sequence) Place(string token)
    {
        return token.Length > 2 && token[0] is 'f' or 'b' && token[1] == '/' && token[2..].Split('.') is [string time, string sequence]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long timestamp)
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? (timestamp, number)
            : throw LogErrors.BadToken();
    }
}
