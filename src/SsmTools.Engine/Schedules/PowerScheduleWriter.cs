using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Scheduler;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Schedules;

/// <summary>What is changed at EventBridge Scheduler. Every change may be made a second time.</summary>
internal sealed class PowerScheduleWriter(
    AwsContext context, TimeProvider timeProvider, PowerScheduleParts parts, PowerScheduleDescription wanted)
{
    private static readonly string[] s_exists = ["ConflictException"];
    private static readonly TimeSpan s_firstTry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(1);

    private readonly PowerTimes _times = new(wanted.StartTime, wanted.StopTime, wanted.Days);

    private PowerScheduleNames Names => parts.Names;

    /// <summary>The group and the halves, as far as they are not as they should be.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(PowerScheduleState state, CancellationToken cancellationToken)
    {
        List<PlannedChange> changes = [];
        if (!state.IsThere && !await HasGroupAsync(cancellationToken).ConfigureAwait(false))
        {
            changes.Add(new PlannedChange($"schedule group {Names.Group}", "Make the group", CreateGroupAsync));
        }

        Add(changes, state.Start, starts: true, wanted.StartTime, _times.Days);
        Add(changes, state.Stop, starts: false, wanted.StopTime, _times.StopDays);
        return changes;
    }

    /// <summary>What has to be deleted, in order.</summary>
    public static async Task<IReadOnlyList<PlannedChange>> PlanRemovalAsync(
        AwsContext context, PowerScheduleReader reader, PowerScheduleState state, bool force, CancellationToken cancellationToken)
    {
        PowerScheduleNames names = state.Names;
        List<PlannedChange> changes = [];
        foreach (GetScheduleResponse half in new[] { state.Start, state.Stop }.OfType<GetScheduleResponse>())
        {
            changes.Add(new PlannedChange($"schedule {half.Name}", "Delete the schedule", token => ServiceCall.TryAsync(
                inner => context.Scheduler.DeleteScheduleAsync(
                    new DeleteScheduleRequest { GroupName = names.Group, Name = half.Name }, inner),
                half.Name,
                PowerScheduleReader.NotThere,
                token)));
        }

        List<ScheduleSummary>? inGroup = await ServiceCall.TryListAsync(
            token => context.Scheduler.ListSchedulesItemsAsync(new ListSchedulesRequest { GroupName = names.Group }, token),
            names.Group,
            PowerScheduleReader.NotThere,
            cancellationToken).ConfigureAwait(false);

        // What others have put into the group would go with it.
        if (inGroup is not null && (force || inGroup.TrueForAll(one => one.Name == names.Start || one.Name == names.Stop)))
        {
            changes.Add(new PlannedChange($"schedule group {names.Group}", "Delete the group", token => ServiceCall.TryAsync(
                inner => context.Scheduler.DeleteScheduleGroupAsync(new DeleteScheduleGroupRequest { Name = names.Group }, inner),
                names.Group,
                [.. PowerScheduleReader.NotThere, .. s_exists],
                token)));
        }

        return changes;
    }

    private void Add(
        List<PlannedChange> changes, GetScheduleResponse? there, bool starts, TimeSpan? time, IReadOnlyList<DayOfWeek> days)
    {
        if (time is not { } at)
        {
            return;
        }

        string name = starts ? Names.Start : Names.Stop;
        string cron = PowerTimes.Cron(at, days);
        string words = string.Create(
            CultureInfo.InvariantCulture,
            $"{(starts ? "Start" : "Stop")} instances with the tag {wanted.TagKey}={wanted.TagValue} at {at:hh\\:mm} {wanted.TimeZone}, {string.Join(", ", days)}");
        UpdateScheduleRequest update = new()
        {
            Name = name,
            GroupName = Names.Group,
            Description = Description(starts),
            ScheduleExpression = cron,
            ScheduleExpressionTimezone = wanted.TimeZone,
            State = wanted.Enabled ? ScheduleState.ENABLED : ScheduleState.DISABLED,
            FlexibleTimeWindow = new FlexibleTimeWindow
            {
                Mode = wanted.FlexibleMinutes > 0 ? FlexibleTimeWindowMode.FLEXIBLE : FlexibleTimeWindowMode.OFF,
                MaximumWindowInMinutes = wanted.FlexibleMinutes > 0 ? wanted.FlexibleMinutes : null,
            },
            Target = new Target
            {
                Arn = parts.Target,
                RoleArn = parts.SchedulerRoleArn,
                Input = PowerTarget.Input(wanted, starts, parts.AutomationRoleArn),
            },
        };
        if (there is null)
        {
            changes.Add(new PlannedChange($"schedule {name}", words, token => CreateAsync(update, token)));
        }
        else if (!IsSame(there, update))
        {
            string how = there.State == update.State ? words : $"{words}; {(wanted.Enabled ? "enabled" : "disabled")}";
            changes.Add(new PlannedChange($"schedule {name}", how, token => ServiceCall.RunAsync(
                inner => WhenRoleIsSeenAsync(again => context.Scheduler.UpdateScheduleAsync(update, again), inner), name, token)));
        }
    }

    private string Description(bool starts)
    {
        string text = $"{PowerScheduleNames.Mark}{Names.Name}: {(starts ? "starts" : "stops")} instances with the tag {wanted.TagKey}={wanted.TagValue}";
        return text.Length <= 512 ? text : text[..512];
    }

    private static bool IsSame(GetScheduleResponse there, UpdateScheduleRequest update) =>
        there.ScheduleExpression == update.ScheduleExpression
        && (there.ScheduleExpressionTimezone ?? "UTC") == update.ScheduleExpressionTimezone
        && there.State == update.State
        && there.Description == update.Description
        && there.StartDate is null
        && there.EndDate is null
        && (there.FlexibleTimeWindow?.MaximumWindowInMinutes ?? 0) == (update.FlexibleTimeWindow!.MaximumWindowInMinutes ?? 0)
        && there.Target?.Arn == update.Target!.Arn
        && there.Target?.RoleArn == update.Target.RoleArn
        && IsSameJson(there.Target?.Input, update.Target.Input!);

    private static bool IsSameJson(string? one, string other)
    {
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(one ?? "null"), JsonNode.Parse(other));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A group that is being deleted counts as gone.</summary>
    private async Task<bool> HasGroupAsync(CancellationToken cancellationToken) => await ServiceCall.TryAsync(
        token => context.Scheduler.GetScheduleGroupAsync(new GetScheduleGroupRequest { Name = Names.Group }, token),
        Names.Group,
        PowerScheduleReader.NotThere,
        cancellationToken).ConfigureAwait(false) is { State: not ScheduleGroupState.DELETING };

    private async Task CreateGroupAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(timeProvider, s_firstTry, s_longestPause, s_budget);
        while (true)
        {
            object? made = await ServiceCall.TryAsync(
                token => context.Scheduler.CreateScheduleGroupAsync(
                    new CreateScheduleGroupRequest
                    {
                        Name = Names.Group,
                        Tags = [new Tag { Key = SsmToolsTag.Key, Value = Names.Name }],
                    },
                    token),
                Names.Group,
                s_exists,
                cancellationToken).ConfigureAwait(false);

            // An earlier try of ours made it; or its predecessor is still on its way out.
            if (made is not null
                || await HasGroupAsync(cancellationToken).ConfigureAwait(false)
                || !await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private async Task CreateAsync(UpdateScheduleRequest wantedHalf, CancellationToken cancellationToken)
    {
        CreateScheduleRequest create = new()
        {
            Name = wantedHalf.Name,
            GroupName = wantedHalf.GroupName,
            Description = wantedHalf.Description,
            ScheduleExpression = wantedHalf.ScheduleExpression,
            ScheduleExpressionTimezone = wantedHalf.ScheduleExpressionTimezone,
            State = wantedHalf.State,
            FlexibleTimeWindow = wantedHalf.FlexibleTimeWindow,
            Target = wantedHalf.Target,
        };
        await ServiceCall.TryAsync(
            token => WhenRoleIsSeenAsync(inner => context.Scheduler.CreateScheduleAsync(create, inner), token),
            wantedHalf.Name,
            s_exists,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A role that was made a moment ago cannot be taken yet: exactly that is tried again.</summary>
    private async Task<T> WhenRoleIsSeenAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        Backoff backoff = new(timeProvider, s_firstTry, s_longestPause, s_budget);
        while (true)
        {
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (AwsErrors.HasCode(e, "ValidationException")
                && e.Message.Contains("assume the role", StringComparison.OrdinalIgnoreCase))
            {
                if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }
}
