using System.Globalization;
using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Auditing;

/// <summary>
/// The history of sessions, joined with what CloudTrail and the logs know of each. It is read in windows, so that memory
/// stays the same however long the history is.
/// </summary>
public sealed class SessionLog
{
    private const int FirstWindow = 10;
    private const int Window = 50;
    private const int MostNames = 10_000;

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly List<string> _warnings = [];
    private readonly TrailReader _trail;
    private readonly SessionTexts _texts;
    private readonly Dictionary<string, string?> _names = new(StringComparer.Ordinal);

    /// <summary>Creates the reader.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public SessionLog(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _trail = new TrailReader(context, _timeProvider, _warnings);
        _texts = new SessionTexts(context, _warnings);
    }

    /// <summary>What is missing from the entries and why, in sentences; complete when the listing has ended.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The nodes that are meant: ids as they are, since who is gone has a history too, and names as nodes have them now.</summary>
    /// <param name="targets">Ids and names.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public async Task<SessionLogTargets> FindAsync(IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        List<string> ids = [.. targets.Where(NodeIds.IsNode)];
        List<EngineException> problems = [];
        string[] names = [.. targets.Where(target => !NodeIds.IsNode(target))];
        if (names.Length > 0)
        {
            foreach (TargetMatch match in await new TargetResolver(_context).ResolveManyAsync(names, cancellationToken).ConfigureAwait(false))
            {
                ids.AddRange(match.Nodes.Select(node => node.InstanceId));
                problems.AddRange(match.Error is { } error ? [error] : []);
            }
        }

        return new SessionLogTargets(ids, problems);
    }

    /// <summary>The sessions: those that go on, then those that ended, newest first each.</summary>
    /// <param name="query">Which are wanted.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">What the service refused of the history itself; what joins it only is missing then.</exception>
    public async IAsyncEnumerable<SessionLogEntry> ReadAsync(
        SessionLogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        await foreach (List<Session> window in ServiceCall.InWindowsAsync(
            ListAsync(query, cancellationToken), FirstWindow, Window, cancellationToken).ConfigureAwait(false))
        {
            await ReadNamesAsync(window, cancellationToken).ConfigureAwait(false);
            IReadOnlyDictionary<string, TrailRecord> records = await _trail.ReadAsync(window, cancellationToken).ConfigureAwait(false);
            foreach (Session session in window)
            {
                SessionText? text = query.WithText
                    ? await _texts.ReadAsync(session.SessionId!, session.DocumentName, cancellationToken).ConfigureAwait(false)
                    : null;
                yield return Join(session, records.GetValueOrDefault(session.SessionId!), text);
            }
        }
    }

    /// <summary>The name of who an ARN stands for: a user's, or a role's and its session's.</summary>
    internal static string NameOf(string arn)
    {
        string[] parts = arn.Split(':', 6)[^1].Split('/');
        return parts is ["assumed-role", .., string role, string session] ? $"{role}/{session}" : parts[^1];
    }

    private async IAsyncEnumerable<Session> ListAsync(SessionLogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? arn = query.Owner?.StartsWith("arn:", StringComparison.Ordinal) == true ? query.Owner : null;
        NamePattern? owner = query.Owner is not null && arn is null ? new NamePattern(query.Owner) : null;
        HashSet<string> active = new(StringComparer.Ordinal);
        string[] states = query.ActiveOnly ? [SessionState.Active] : [SessionState.Active, SessionState.History];
        foreach (string state in states)
        {
            foreach (string? target in query.InstanceIds.Count > 0 ? query.InstanceIds.Distinct(StringComparer.Ordinal) : [null!])
            {
                DescribeSessionsRequest request = new() { State = state, MaxResults = 200, Filters = Filters(query, target, arn) };
                await foreach (Session session in ServiceCall.GuardAsync(
                    _context.Ssm.DescribeSessionsItemsAsync(request, cancellationToken), null, cancellationToken).ConfigureAwait(false))
                {
                    // One that ended while those that go on were listed is among those that ended, too.
                    if (session.SessionId is not { } id || (state == SessionState.Active ? !active.Add(id) : active.Contains(id)))
                    {
                        continue;
                    }

                    string name = NameOf(session.Owner ?? string.Empty);
                    if (owner is null || owner.Matches(name) || owner.Matches(name[(name.LastIndexOf('/') + 1)..]))
                    {
                        yield return session;
                    }
                }
            }
        }
    }

    private static List<SessionFilter> Filters(SessionLogQuery query, string? target, string? owner)
    {
        List<SessionFilter> filters = [];
        Add(SessionFilterKey.Target, target);
        Add(SessionFilterKey.Owner, owner);
        Add(SessionFilterKey.SessionId, query.SessionId);
        Add(SessionFilterKey.InvokedAfter, Text(query.After));
        Add(SessionFilterKey.InvokedBefore, Text(query.Before));
        return filters;

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                filters.Add(new SessionFilter { Key = key, Value = value });
            }
        }

        static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private async Task ReadNamesAsync(List<Session> window, CancellationToken cancellationToken)
    {
        if (_names.Count > MostNames)
        {
            _names.Clear();
        }

        string[] unknown =
        [
            .. window.Select(session => session.Target).OfType<string>().Distinct(StringComparer.Ordinal)
                .Where(id => NodeIds.IsNode(id) && !_names.ContainsKey(id)),
        ];
        try
        {
            NodeReader reader = new(_context, _timeProvider) { ToleratesDenial = true };
            await foreach (NodeSnapshot node in reader.ReadAsync(unknown, cancellationToken).ConfigureAwait(false))
            {
                _names[node.Node.InstanceId] = node.Node.Name;
            }
        }
        catch (EngineException)
        {
            // A name is a help and no part of the record.
        }
    }

    private SessionLogEntry Join(Session session, TrailRecord? record, SessionText? text)
    {
        DateTimeOffset? started = Utc(session.StartDate);
        DateTimeOffset? ended = Utc(session.EndDate);
        return new SessionLogEntry
        {
            SessionId = session.SessionId!,
            InstanceId = session.Target ?? string.Empty,
            Name = _names.GetValueOrDefault(session.Target ?? string.Empty),
            Owner = session.Owner ?? string.Empty,
            UserName = NameOf(session.Owner ?? string.Empty),
            Status = session.Status ?? string.Empty,
            Started = started,
            Ended = ended,
            Duration = started is null ? TimeSpan.Zero : (ended ?? _timeProvider.GetUtcNow()) - started.Value,
            DocumentName = session.DocumentName,
            Reason = session.Reason,
            SourceAddress = record?.SourceAddress,
            UserAgent = record?.UserAgent,
            Mfa = record?.Mfa,
            LogLocation = text?.Location,
            Text = text?.Text,
            IsTextCut = text?.IsCut == true,
        };
    }

    private static DateTimeOffset? Utc(DateTime? time) => time is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
}
