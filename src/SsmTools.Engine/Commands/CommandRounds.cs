using System.Globalization;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Commands;

/// <summary>
/// Sends batch after batch and looks after those that are out. One listing of commands tells how far all of them are; a
/// batch itself is looked at when all of it is done, or now and then, so that a thousand nodes do not cost thousands of
/// calls.
/// </summary>
internal sealed class CommandRounds
{
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly RunCommandOptions _options;
    private readonly Queue<CommandBatch> _waiting;
    private readonly List<RunningBatch> _running = [];
    private readonly CommandSender _sender;
    private readonly InvocationReader _reader;
    private readonly Forbearance _forbearance;
    private readonly int _total;
    private TimeSpan _wait = s_firstLook;
    private long _lookedAt;
    private int _done;
    private int _failed;

    /// <summary>How many count against MaxErrors: not those that could not have it, as with the service.</summary>
    private int _errors;
    private bool _mayNotCount;
    private Task<(SentCommand? Sent, IReadOnlyList<EngineException> Failures)>? _sending;

    public CommandRounds(
        AwsContext context, TimeProvider timeProvider, RunCommandOptions options, IReadOnlyList<CommandBatch> batches, int unreached)
    {
        _context = context;
        _timeProvider = timeProvider;
        _options = options;
        _waiting = new Queue<CommandBatch>(batches);
        _sender = new CommandSender(context, timeProvider);
        _reader = new InvocationReader(context);
        _forbearance = new Forbearance(timeProvider);
        _failed = unreached;
        _total = batches.Sum(batch => batch.InstanceIds.Count) + unreached;
    }

    /// <summary>Whether nothing is out any more, nor to be sent.</summary>
    public bool IsOver => _waiting.Count == 0 && _running.Count == 0;

    /// <summary>What is out.</summary>
    public IReadOnlyList<SentCommand> Running => _running.ConvertAll(one => one.Command);

    /// <summary>What was being sent when somebody stopped; null for nothing.</summary>
    public Task<SentCommand?>? Sending => _sending is null ? null : SentAsync(_sending);

    /// <summary>How many batches may be out at once: the limits that the service keeps within a batch hold for all of them.</summary>
    private int MaxRunning => (_options.MaxConcurrency, _options.MaxErrors) switch
    {
        (_, { } errors) when !errors.EndsWith('%') => 1,
        ({ } most, _) when !most.EndsWith('%') => Math.Max(1, Number(most) / CommandBatch.Size),
        _ => int.MaxValue,
    };

    /// <summary>Sends a batch if one may go out, or else waits a moment and looks after those that are out.</summary>
    public async Task<IReadOnlyList<RunCommandEvent>> NextAsync(CancellationToken cancellationToken)
    {
        List<RunCommandEvent> events = [];
        bool isDue = _running.Count > 0 && _timeProvider.GetElapsedTime(_lookedAt) >= _wait;
        if (!isDue && _waiting.Count > 0 && _running.Count < MaxRunning)
        {
            await SendAsync(events, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await LookAsync(events, cancellationToken).ConfigureAwait(false);
        }

        events.Add(new RunCommandEvent
        {
            Progress = new CommandProgress(_done, _failed, _running.Sum(one => one.Awaited.Count), _total),
        });
        return events;
    }

    private async Task SendAsync(List<RunCommandEvent> events, CancellationToken cancellationToken)
    {
        CommandBatch batch = _waiting.Dequeue();
        if (RemainingErrors() is < 0)
        {
            Fail(events, batch.InstanceIds.Select(id => CommandSender.NotSent(id, "too many other nodes failed (MaxErrors)")));
            return;
        }

        string? maxErrors = RemainingErrors() is { } left ? left.ToString(CultureInfo.InvariantCulture) : _options.MaxErrors ?? "100%";

        // Once it is on its way it is seen through, whoever stops: what was sent can be called off only when its id is known.
        _sending = _sender.SendAsync(batch, _options, maxErrors, CancellationToken.None);
        (SentCommand? sent, IReadOnlyList<EngineException> failures) = await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        _sending = null;
        Fail(events, failures);
        if (sent is not null)
        {
            if (_running.Count == 0)
            {
                _lookedAt = _timeProvider.GetTimestamp();
            }

            _running.Add(new RunningBatch(sent, _timeProvider.GetTimestamp()));
            events.Add(new RunCommandEvent { Sent = sent });
        }
    }

    private static async Task<SentCommand?> SentAsync(Task<(SentCommand? Sent, IReadOnlyList<EngineException> Failures)> sending) =>
        (await sending.ConfigureAwait(false)).Sent;

    private async Task LookAsync(List<RunCommandEvent> events, CancellationToken cancellationToken)
    {
        TimeSpan left = _wait - _timeProvider.GetElapsedTime(_lookedAt);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, _timeProvider, cancellationToken).ConfigureAwait(false);
        }

        bool hasMoved = false;
        try
        {
            hasMoved = await LookAtAllAsync(events, cancellationToken).ConfigureAwait(false);
            _forbearance.Answered();
        }
        catch (EngineException e) when (_forbearance.Bears(e))
        {
            // The nodes go on meanwhile: the next look tells more.
            _lookedAt = _timeProvider.GetTimestamp();
        }
        catch (EngineException e)
        {
            throw Lost(e);
        }

        // While results come in they are fetched as they come; while none do, more and more rarely.
        _wait = hasMoved ? s_firstLook : _wait * 1.5;
        _wait = _wait < s_longestWait ? _wait : s_longestWait;
    }

    private async Task<bool> LookAtAllAsync(List<RunCommandEvent> events, CancellationToken cancellationToken)
    {
        Dictionary<string, int>? counts =
            _running.Count == 1 || _mayNotCount ? null : await CountAsync(cancellationToken).ConfigureAwait(false);
        _lookedAt = _timeProvider.GetTimestamp();
        bool hasMoved = false;
        foreach (RunningBatch batch in _running.ToArray())
        {
            if (counts is null || batch.IsWorthALook(counts.GetValueOrDefault(batch.Command.CommandId), _timeProvider))
            {
                hasMoved |= await LookAsync(batch, events, cancellationToken).ConfigureAwait(false);
            }
        }

        return hasMoved;
    }

    private async Task<bool> LookAsync(RunningBatch batch, List<RunCommandEvent> events, CancellationToken cancellationToken)
    {
        IReadOnlyList<CommandOutcome> outcomes =
            await _reader.ReadAsync(batch.Command.CommandId, batch.Awaited, cancellationToken).ConfigureAwait(false);
        batch.Looked(_timeProvider);
        foreach (CommandOutcome outcome in outcomes)
        {
            batch.Awaited.Remove(outcome.InstanceId);
            _done += outcome.IsSuccess ? 1 : 0;
            _failed += outcome.IsSuccess ? 0 : 1;
            _errors += outcome.IsSuccess || outcome.Status is "DeliveryTimedOut" or "Undeliverable" ? 0 : 1;
            events.Add(new RunCommandEvent { Outcome = outcome });
        }

        if (batch.Awaited.Count == 0)
        {
            _running.Remove(batch);
        }

        return outcomes.Count > 0;
    }

    /// <summary>How many nodes each of the commands that are out has behind it; null for whoever may not ask.</summary>
    private async Task<Dictionary<string, int>?> CountAsync(CancellationToken cancellationToken)
    {
        DateTime since = _running.Min(batch => batch.Command.RequestedAt).AddSeconds(-1);
        ListCommandsRequest request = new()
        {
            Filters = { new CommandFilter { Key = "InvokedAfter", Value = since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) } },
            MaxResults = CommandBatch.Size,
        };
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        try
        {
            foreach (Command command in await ServiceCall.ListAsync(
                token => _context.Ssm.ListCommandsItemsAsync(request, token), null, cancellationToken).ConfigureAwait(false))
            {
                // While others send commands, one may be on two pages.
                counts[command.CommandId!] = command.CompletedCount ?? 0;
            }
        }
        catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied)
        {
            // It only saves calls: each command can be looked at by itself.
            _mayNotCount = true;
            return null;
        }

        return counts;
    }

    /// <summary>Says what becomes of what is out when nobody can look at it any more.</summary>
    private EngineException Lost(EngineException cause) => new(
        cause.ErrorId,
        cause.Kind,
        $"{cause.Message} What the command did on the nodes that are left can therefore not be told, and it is called off.",
        $"{cause.Recommendation} Whether that reached AWS is shown by Get-SSMCommand or the console: {string.Join(", ", Running.Select(one => one.CommandId).Take(3))}.".TrimStart(),
        cause.Target,
        cause);

    private void Fail(List<RunCommandEvent> events, IEnumerable<EngineException> failures)
    {
        foreach (EngineException failure in failures)
        {
            _failed++;
            _errors++;
            events.Add(new RunCommandEvent { Failure = failure });
        }
    }

    /// <summary>How many more errors there may be; null where that is a share, or not limited.</summary>
    private int? RemainingErrors() =>
        _options.MaxErrors is { } errors && !errors.EndsWith('%') ? Number(errors) - _errors : null;

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
