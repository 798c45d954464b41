using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Logs;

/// <summary>Writing into log streams, with the limits that there are.</summary>
internal static class LogWriting
{
    private const int MostBytes = 1_048_576;
    private const int EventOverhead = 26;

    private static readonly TimeSpan s_oldest = TimeSpan.FromDays(14);
    private static readonly TimeSpan s_newest = TimeSpan.FromHours(2);

    public static JsonObject Put(ApiCall call)
    {
        LogStreamRecord stream = LogLookup.Stream(call, LogLookup.Group(call));
        long now = call.World.Now.ToUnixTimeMilliseconds();
        List<(long Timestamp, string Message)> events =
            [.. call.Input.Parts("logEvents").Select(one => (one["timestamp"]!.GetValue<long>(), one.Text("message")!))];
        if (events.Sum(one => (long)Encoding.UTF8.GetByteCount(one.Message) + EventOverhead) > MostBytes)
        {
            throw LogErrors.Invalid($"Upload too large: exceeded batch size limit of {MostBytes}");
        }

        if (events.Zip(events.Skip(1)).Any(pair => pair.First.Timestamp > pair.Second.Timestamp))
        {
            throw LogErrors.Invalid("Log events in a single PutLogEvents request must be in chronological order.");
        }

        if (events.Count > 0 && events[^1].Timestamp - events[0].Timestamp > TimeSpan.FromDays(1).TotalMilliseconds)
        {
            throw LogErrors.Invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }

        int old = events.FindLastIndex(one => one.Timestamp < now - (long)s_oldest.TotalMilliseconds);
        int early = events.FindIndex(one => one.Timestamp > now + (long)s_newest.TotalMilliseconds);
        foreach ((long timestamp, string message) in events.Skip(old + 1).Take((early < 0 ? events.Count : early) - old - 1))
        {
            stream.Add(new LogEventRecord(timestamp, call.World.NextSequence(), message, now));
        }

        return Answer(call, old, early);
    }

    private static JsonObject Answer(ApiCall call, int old, int early)
    {
        JsonObject rejected = [];
        if (old >= 0)
        {
            rejected["tooOldLogEventEndIndex"] = old + 1;
        }

        if (early >= 0)
        {
            rejected["tooNewLogEventStartIndex"] = early;
        }

        JsonObject answer = new() { ["nextSequenceToken"] = Paging.Key(call.World.NextSequence()) };
        if (rejected.Count > 0)
        {
            answer["rejectedLogEventsInfo"] = rejected;
        }

        return answer;
    }
}
