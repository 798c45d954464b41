using System.Text.Json;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Cloudtrail;
using SsmTools.Engine.Provisioning;
using Session = SsmTools.Engine.Aws.Ssm.Session;

namespace SsmTools.Engine.Auditing;

/// <summary>
/// Looks the starts of sessions up in CloudTrail's event history: fifty a call, two calls a second (CloudTrail API
/// reference, LookupEvents), ninety days back.
/// </summary>
/// <param name="context">Credentials, region and endpoints.</param>
/// <param name="timeProvider">Where time comes from.</param>
/// <param name="warnings">Takes what could not be read, and why.</param>
internal sealed class TrailReader(AwsContext context, TimeProvider timeProvider, List<string> warnings)
{
    private static readonly string[] s_throttled = ["ThrottlingException", "Throttling"];
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(550);
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(90);

    // Both services have their own idea of the moment.
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(1);

    private bool _isClosed;
    private long _last;

    /// <summary>What is known of each session's start, by its id.</summary>
    public async Task<IReadOnlyDictionary<string, TrailRecord>> ReadAsync(IReadOnlyList<Session> sessions, CancellationToken cancellationToken)
    {
        Dictionary<string, TrailRecord> records = new(StringComparer.Ordinal);
        DateTime oldest = (timeProvider.GetUtcNow() - s_kept).UtcDateTime;
        Dictionary<string, DateTime> wanted = sessions.Where(session => session.StartDate > oldest)
            .DistinctBy(session => session.SessionId).ToDictionary(session => session.SessionId!, session => session.StartDate!.Value, StringComparer.Ordinal);
        if (wanted.Count == 0 || _isClosed)
        {
            return records;
        }

        LookupEventsRequest request = new()
        {
            LookupAttributes = [new LookupAttribute { AttributeKey = LookupAttributeKey.EventName, AttributeValue = "StartSession" }],
            StartTime = wanted.Values.Min() - s_margin,
            EndTime = wanted.Values.Max() + s_margin,
            MaxResults = 50,
        };
        try
        {
            do
            {
                LookupEventsResponse page = await AskAsync(request, cancellationToken).ConfigureAwait(false);
                foreach (Event one in page.Events)
                {
                    if (Read(one.CloudTrailEvent) is { } found && wanted.Remove(found.Session))
                    {
                        records[found.Session] = found.Record;
                    }
                }

                request.NextToken = page.NextToken;
            }
            while (request.NextToken is not null && wanted.Count > 0);
        }
        catch (EngineException e) when (e.Kind is ErrorKind.PermissionDenied)
        {
            _isClosed = true;
            warnings.Add("AWS denied cloudtrail:LookupEvents: from where, with what and whether with a second factor sessions were started is not told.");
        }
        catch (EngineException e) when (e.Kind is not ErrorKind.AuthenticationError)
        {
            _isClosed = true;
            warnings.Add($"CloudTrail could not be asked any further, so from where later ones were started is not told. {e.Message}");
        }

        return records;
    }

    private async Task<LookupEventsResponse> AskAsync(LookupEventsRequest request, CancellationToken cancellationToken)
    {
        TimeSpan left = _last == 0 ? TimeSpan.Zero : s_pace - timeProvider.GetElapsedTime(_last);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, timeProvider, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await ServiceCall.RunAsync(
                token => Eventually.RunAsync(inner => context.Cloudtrail.LookupEventsAsync(request, inner), s_throttled, timeProvider, token),
                null,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _last = timeProvider.GetTimestamp();
        }
    }

    private static (string Session, TrailRecord Record)? Read(string? json)
    {
        if (PolicyJson.Parse(json) is not { } root || Find(root, "responseElements", "sessionId") is not { } session)
        {
            return null;
        }

        string? mfa = Find(root, "userIdentity", "sessionContext", "attributes", "mfaAuthenticated");
        return (session, new TrailRecord(Find(root, "sourceIPAddress"), Find(root, "userAgent"), mfa is null ? null : mfa == "true"));
    }

    private static string? Find(JsonElement from, params string[] path)
    {
        foreach (string name in path)
        {
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
            {
                return null;
            }
        }

        return from.ValueKind == JsonValueKind.String ? from.GetString() : from.ValueKind is JsonValueKind.True or JsonValueKind.False ? from.GetRawText() : null;
    }
}
