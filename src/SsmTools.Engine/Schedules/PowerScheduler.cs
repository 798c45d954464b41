using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Scheduler;
using SsmTools.Engine.Aws.Sts;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Schedules;

/// <summary>
/// Makes, changes, lists and removes schedules that start and stop the instances with a tag: two schedules of EventBridge
/// Scheduler, their group, and two roles. Every run begins with what is there, so that one which was killed anywhere can
/// be run again.
/// </summary>
public sealed class PowerScheduler
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly PowerScheduleReader _reader;
    private readonly PowerRoles _roles;

    /// <summary>Creates it.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public PowerScheduler(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _reader = new PowerScheduleReader(context, _timeProvider);
        _roles = new PowerRoles(context, _timeProvider);
    }

    /// <summary>The schedules that there are.</summary>
    /// <param name="names">Names, with wildcards or without; empty for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">PowerScheduleNotFound, when all others were given; or what the service refused.</exception>
    public async IAsyncEnumerable<PowerScheduleDescription> ListAsync(
        IReadOnlyList<string> names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(names);
        HashSet<string> missing = [.. names.Where(name => !new NamePattern(name).HasWildcards)];
        foreach (string name in await _reader.ListNamesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (names.Count > 0 && !names.Any(wanted => new NamePattern(wanted).Matches(name)))
            {
                continue;
            }

            missing.RemoveWhere(wanted => new NamePattern(wanted).Matches(name));
            PowerScheduleState state =
                await _reader.ReadAsync(new PowerScheduleNames(name, _context.Region), cancellationToken).ConfigureAwait(false);
            if (state.IsThere)
            {
                yield return await _reader.CompleteAsync(state.Describe(), cancellationToken).ConfigureAwait(false);
            }
        }

        if (missing.Count > 0)
        {
            throw PowerScheduleErrors.NotFound(string.Join(", ", missing), _context.Region);
        }
    }

    /// <summary>Compares what is there with the schedule that is wanted.</summary>
    /// <param name="request">The schedule.</param>
    /// <param name="change">
    /// Whether it must be there and is changed; else it is made, and one of that name which differs is an error.
    /// </param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// PowerScheduleNameInvalid, PowerScheduleTagInvalid, PowerScheduleTimeInvalid, PowerScheduleTimeMissing,
    /// TimeZoneUnknown; PowerScheduleNotFound; PowerScheduleExists, PowerScheduleNotManaged, PowerScheduleRoleTaken,
    /// PowerScheduleOverlap; or what the service refused.
    /// </exception>
    public async Task<Plan<PowerScheduleDescription>> PlanAsync(
        PowerScheduleRequest request, bool change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        PowerScheduleRules.CheckName(request.Name);
        PowerScheduleNames names = new(request.Name, _context.Region);
        PowerScheduleState state = await _reader.ReadAsync(names, cancellationToken).ConfigureAwait(false);
        if (state.Foreign is { } foreign)
        {
            throw PowerScheduleErrors.Foreign(names.Name, foreign);
        }

        if (change && !state.IsThere)
        {
            throw PowerScheduleErrors.NotFound(names.Name, _context.Region);
        }

        CheckTime("start", state.Start, request.StartTime, "-StartTime", request.Name);
        CheckTime("stop", state.Stop, request.StopTime, "-StopTime", request.Name);
        PowerScheduleDescription? there = state.IsThere ? state.Describe() : null;
        PowerScheduleDescription wanted = PowerScheduleRules.Complete(request, change ? there : OnlySwitch(there));
        if (!change && there is not null && Difference(there, wanted) is { } difference)
        {
            throw PowerScheduleErrors.Exists(names.Name, difference);
        }

        List<string> warnings = Warnings(wanted);
        await CheckOthersAsync(wanted, request.AllowOverlap, warnings, cancellationToken).ConfigureAwait(false);
        PowerScheduleParts parts = await PartsAsync(names, cancellationToken).ConfigureAwait(false);
        PowerScheduleWriter writer = new(_context, _timeProvider, parts, wanted);
        List<PlannedChange> changes =
        [
            .. await _roles.PlanAsync(
                names.Name, names.AutomationRole, PowerPolicies.Trust(TrustPolicy.SystemsManager, parts.Account),
                PowerPolicies.Automation(wanted, parts.Instances),
                $"to switch instances with the tag {wanted.TagKey}={wanted.TagValue}", cancellationToken).ConfigureAwait(false),
            .. await _roles.PlanAsync(
                names.Name, names.SchedulerRole, PowerPolicies.Trust(PowerScheduleParts.Scheduler, parts.Account),
                PowerPolicies.Scheduler(parts.Definitions(wanted).Select(arn => (JsonNode)arn), parts.AutomationRoleArn),
                "to start the runbooks and hand them that role", cancellationToken).ConfigureAwait(false),
            .. await writer.PlanAsync(state, cancellationToken).ConfigureAwait(false),
        ];
        return new Plan<PowerScheduleDescription>(changes, token => ResultAsync(names, wanted, token)) { Warnings = warnings };
    }

    /// <summary>Works out how to remove a schedule with its group and its roles, or what an earlier run left of them.</summary>
    /// <param name="name">The schedule's name.</param>
    /// <param name="force">Deletes what SsmTools did not make and has its name, too.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// PowerScheduleNameInvalid, PowerScheduleNotManaged, PowerScheduleNotFound, or what the service refused.
    /// </exception>
    public async Task<Plan<PowerScheduleDescription>> PlanRemovalAsync(string name, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        PowerScheduleRules.CheckName(name);
        PowerScheduleNames names = new(name, _context.Region);
        PowerScheduleState state = await _reader.ReadAsync(names, cancellationToken).ConfigureAwait(false);
        if (state.Foreign is { } foreign && !force)
        {
            throw PowerScheduleErrors.Foreign(name, foreign);
        }

        List<PlannedChange> changes =
        [
            .. await PowerScheduleWriter.PlanRemovalAsync(_context, _reader, state, force, cancellationToken).ConfigureAwait(false),
            .. await _roles.PlanRemovalAsync(name, names.SchedulerRole, cancellationToken).ConfigureAwait(false),
            .. await _roles.PlanRemovalAsync(name, names.AutomationRole, cancellationToken).ConfigureAwait(false),
        ];
        if (changes.Count == 0)
        {
            throw PowerScheduleErrors.NotFound(name, _context.Region);
        }

        PowerScheduleDescription gone = state.IsThere ? state.Describe() : new PowerScheduleDescription { Name = name };
        return new Plan<PowerScheduleDescription>(changes, _ => Task.FromResult(gone with { Enabled = false }));
    }

    /// <summary>The same as a CloudFormation template, JSON; asks AWS nothing.</summary>
    /// <param name="request">The schedule.</param>
    /// <exception cref="EngineException">As for <see cref="PlanAsync"/>, as far as it is about the request alone.</exception>
    public static string GetTemplate(PowerScheduleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        PowerScheduleRules.CheckName(request.Name);
        return PowerScheduleTemplate.Write(PowerScheduleRules.Complete(request, null));
    }

    /// <summary>A half that nobody can read must not be taken for none: its right would be taken away, and it would go on.</summary>
    private static void CheckTime(string what, GetScheduleResponse? half, TimeSpan? wanted, string parameter, string name)
    {
        if (half is not null && wanted is null && PowerTimes.Read(half.ScheduleExpression) is null)
        {
            throw PowerScheduleErrors.Unreadable(name, what, half.ScheduleExpression, parameter);
        }
    }

    /// <summary>Whether a schedule that is there is on, is its user's business; New leaves it so.</summary>
    private static PowerScheduleDescription? OnlySwitch(PowerScheduleDescription? there) => there is null
        ? null
        : new PowerScheduleDescription
        {
            Name = there.Name,
            Enabled = there.Enabled,
            FlexibleMinutes = there.FlexibleMinutes,
            TimeZone = there.TimeZone,
            MaxConcurrency = there.MaxConcurrency,
            MaxErrors = there.MaxErrors,
        };

    /// <summary>What would have to be another one than it is; a half that is missing is none.</summary>
    private static string? Difference(PowerScheduleDescription there, PowerScheduleDescription wanted)
    {
        bool isDay = there.Days.ToHashSet().SetEquals(
            there.StartTime is null ? new PowerTimes(wanted.StartTime, wanted.StopTime, wanted.Days).StopDays : wanted.Days);
        return (there.TagKey, there.TagValue) != (wanted.TagKey, wanted.TagValue) ? $"the tag {there.TagKey}={there.TagValue}"
            : there.StartTime is { } start && start != wanted.StartTime ? $"the start {start:hh\\:mm}"
            : there.StopTime is { } stop && stop != wanted.StopTime ? $"the stop {stop:hh\\:mm}"
            : there.TimeZone != wanted.TimeZone ? $"the time zone {there.TimeZone}"
            : !isDay ? $"the days {string.Join(", ", there.Days)}"
            : there.FlexibleMinutes != wanted.FlexibleMinutes ? $"a window of {there.FlexibleMinutes} minutes"
            : there.MaxConcurrency != wanted.MaxConcurrency ? $"{there.MaxConcurrency} instances at a time"
            : there.MaxErrors != wanted.MaxErrors ? $"{there.MaxErrors} that may fail"
            : null;
    }

    private List<string> Warnings(PowerScheduleDescription wanted)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(wanted.TimeZone);
        PowerTimes times = new(wanted.StartTime, wanted.StopTime, wanted.Days);
        DateTimeOffset now = _timeProvider.GetUtcNow();
        return
        [
            .. Of("start", wanted.StartTime, times.Days),
            .. Of("stop", wanted.StopTime, times.StopDays),
        ];

        IEnumerable<string> Of(string what, TimeSpan? time, IReadOnlyList<DayOfWeek> days) => time is { } at
            ? PowerTimes.Skipped(at, days, zone, now).Select(day => PowerScheduleErrors.Skipped(what, at, wanted.TimeZone, day))
            : [];
    }

    /// <summary>Two schedules on one tag get in each other's way; on one instance by two tags they may; unless one is off.</summary>
    private async Task CheckOthersAsync(
        PowerScheduleDescription wanted, bool allowed, List<string> warnings, CancellationToken cancellationToken)
    {
        if (!wanted.Enabled)
        {
            return;
        }

        foreach (string name in await _reader.ListNamesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (name == wanted.Name)
            {
                continue;
            }

            PowerScheduleState state =
                await _reader.ReadAsync(new PowerScheduleNames(name, _context.Region), cancellationToken).ConfigureAwait(false);
            PowerScheduleDescription? other = state.IsThere ? state.Describe() : null;
            if (other is not { Enabled: true } || !other.Days.Intersect(wanted.Days).Any())
            {
                continue;
            }

            if ((other.TagKey, other.TagValue) == (wanted.TagKey, wanted.TagValue))
            {
                EngineException overlap = PowerScheduleErrors.Overlap(wanted.Name, other);
                if (!allowed)
                {
                    throw overlap;
                }

                warnings.Add($"{overlap.Message} Whichever comes last counts.");
            }
            else if (await _reader.FindTaggedAsync(wanted.TagKey, wanted.TagValue, cancellationToken).ConfigureAwait(false) is { } tagged
                && tagged.Count(one => one.Tags.Exists(tag => tag.Key == other.TagKey && tag.Value == other.TagValue)) is > 0 and int both)
            {
                warnings.Add($"{both} of the instances have the tag {other.TagKey}={other.TagValue}, too: schedule {other.Name} switches them on some of the same days.");
            }
        }
    }

    private async Task<PowerScheduleParts> PartsAsync(PowerScheduleNames names, CancellationToken cancellationToken)
    {
        GetCallerIdentityResponse caller = await ServiceCall.RunAsync(
            token => _context.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), token), null, cancellationToken)
            .ConfigureAwait(false);
        return new PowerScheduleParts(names, _context.Partition, _context.Region, caller.Account!);
    }

    private async Task<PowerScheduleDescription> ResultAsync(
        PowerScheduleNames names, PowerScheduleDescription wanted, CancellationToken cancellationToken)
    {
        PowerScheduleState state = await _reader.ReadAsync(names, cancellationToken).ConfigureAwait(false);
        return await _reader.CompleteAsync(state.IsThere ? state.Describe() : wanted, cancellationToken).ConfigureAwait(false);
    }
}
