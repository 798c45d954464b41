using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Scheduler;
using SsmTools.Engine.Provisioning;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Schedules;

/// <summary>Reads schedules from EventBridge Scheduler. Nothing here changes anything.</summary>
internal sealed class PowerScheduleReader(AwsContext context, TimeProvider timeProvider)
{
    /// <summary>Scheduler: no such schedule or group.</summary>
    public static readonly string[] NotThere = ["ResourceNotFoundException"];

    private readonly Dictionary<(string Key, string Value), IReadOnlyList<Instance>?> _tagged = [];

    /// <summary>The names of the schedules that there are, from one listing.</summary>
    public async Task<IReadOnlyList<string>> ListNamesAsync(CancellationToken cancellationToken)
    {
        List<ScheduleSummary> all = await ServiceCall.ListAsync(
            token => context.Scheduler.ListSchedulesItemsAsync(
                new ListSchedulesRequest { NamePrefix = PowerScheduleNames.Prefix, MaxResults = 100 }, token),
            null,
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. all.Select(one => (one.Name, Of: PowerScheduleNames.OfGroup(one.GroupName)))
                .Where(one => one.Of is not null
                    && new PowerScheduleNames(one.Of, context.Region) is { } names
                    && (one.Name == names.Start || one.Name == names.Stop))
                .Select(one => one.Of!)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>One of the two halves; null where it is not there.</summary>
    public Task<GetScheduleResponse?> FindAsync(string group, string name, CancellationToken cancellationToken) =>
        ServiceCall.TryAsync(
            token => context.Scheduler.GetScheduleAsync(new GetScheduleRequest { GroupName = group, Name = name }, token),
            name,
            NotThere,
            cancellationToken);

    /// <summary>Both halves of a schedule.</summary>
    public async Task<PowerScheduleState> ReadAsync(PowerScheduleNames names, CancellationToken cancellationToken) => new(
        names,
        await FindAsync(names.Group, names.Start, cancellationToken).ConfigureAwait(false),
        await FindAsync(names.Group, names.Stop, cancellationToken).ConfigureAwait(false));

    /// <summary>What a user sees of a schedule: with its next times, and the hours that it saves now.</summary>
    public async Task<PowerScheduleDescription> CompleteAsync(PowerScheduleDescription read, CancellationToken cancellationToken)
    {
        IReadOnlyList<Instance>? tagged = read.TagKey.Length == 0
            ? null
            : await FindTaggedAsync(read.TagKey, read.TagValue, cancellationToken).ConfigureAwait(false);
        PowerTimes times = new(read.StartTime, read.StopTime, read.Days);
        DateTimeOffset now = timeProvider.GetUtcNow();
        TimeZoneInfo.TryFindSystemTimeZoneById(read.TimeZone, out TimeZoneInfo? zone);
        return read with
        {
            InstanceCount = tagged?.Count,
            HoursOff = times.HoursOff,
            NextStart = Next(read.StartTime, times.Days),
            NextStop = Next(read.StopTime, times.StopDays),
        };

        DateTimeOffset? Next(TimeSpan? time, IReadOnlyList<DayOfWeek> days) =>
            time is { } at && zone is not null && read.Enabled ? PowerTimes.Next(at, days, zone, now) : null;
    }

    /// <summary>The instances that have a tag, asked for once; null where that may not be asked.</summary>
    public async Task<IReadOnlyList<Instance>?> FindTaggedAsync(string key, string value, CancellationToken cancellationToken)
    {
        if (_tagged.TryGetValue((key, value), out IReadOnlyList<Instance>? known))
        {
            return known;
        }

        // A filter's wildcards are no wildcards in a schedule's target.
        DescribeInstancesRequest request = new()
        {
            Filters =
            [
                new Filter { Name = $"tag:{key}", Values = [FilterText.Literal(value)] },
                new Filter { Name = "instance-state-name", Values = ["pending", "running", "stopping", "stopped"] },
            ],
            MaxResults = 1000,
        };
        List<Instance>? found = await ServiceCall.TryListAsync(
            token => InstanceReader.StreamAsync(context, request, token), null, ServiceCodes.Denied, cancellationToken)
            .ConfigureAwait(false);
        _tagged.Add((key, value), found);
        return found;
    }
}
