using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>The sessions that are and those that were.</summary>
internal static class SessionListing
{
    private const int DefaultPage = 50;

    public static JsonObject Describe(ApiCall call)
    {
        bool active = call.Required("State") == "Active";
        JsonObject[] filters = [.. call.Input.Parts("Filters")];
        IEnumerable<SessionRecord> sessions = call.World.Sessions.Values
            .Where(session => session.Ended is null == active)
            .Where(session => Array.TrueForAll(filters, filter => Fits(session, filter.Text("key")!, filter.Text("value")!)));

        // Newest first: the key counts down.
        (IReadOnlyList<SessionRecord> page, string? next) = Paging.Page(
            sessions, session => Paging.Key(long.MaxValue - session.Sequence),
            "DescribeSessions", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject { ["Sessions"] = page.ToJson(Shape), ["NextToken"] = next };
    }

    private static bool Fits(SessionRecord session, string key, string value) => key switch
    {
        "Target" => session.Target == value,
        "Owner" => session.Owner == value || session.Owner.EndsWith($"/{value}", StringComparison.Ordinal),
        "Status" => session.Status == value,
        "SessionId" => session.SessionId == value,
        "InvokedAfter" => session.Started >= Time(value),
        "InvokedBefore" => session.Started < Time(value),
        _ => false,
    };

    private static DateTimeOffset Time(string value)
    {
        return Timestamps.TryParse(value, out DateTimeOffset time)
            ? time
            : throw new ServiceError("ValidationException", $"{value} is not a valid date and time.");
    }

    private static JsonObject Shape(SessionRecord session)
    {
        return new JsonObject
        {
            ["SessionId"] = session.SessionId,
            ["Target"] = session.Target,
            ["Status"] = session.Status,
            ["StartDate"] = session.Started,
            ["EndDate"] = session.Ended,
            ["DocumentName"] = session.DocumentName,
            ["Owner"] = session.Owner,
            ["Reason"] = session.Reason,
            ["AccessType"] = "Standard",
        };
    }
}
