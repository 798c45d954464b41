using System.Text.Json.Nodes;
using SsmTools.Sandbox.Automation;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>Calls what schedules call, when the sandbox's clock says so, with the rights of their roles.</summary>
internal sealed class SchedulerEngine(SandboxWorld world) : IDisposable
{
    /// <summary>Timers of the system do not go on for months; whoever waits looks again now and then.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private readonly ClockWork _work = new(world);

    /// <summary>Gets schedules by group and name.</summary>
    public SortedDictionary<string, ScheduleRecord> Schedules { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ScheduleGroupRecord> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>A schedule is new, or another one than before.</summary>
    public void Arm(ScheduleRecord schedule)
    {
        int epoch = ++schedule.Epoch;
        Wait(schedule, epoch, world.Now);
    }

    /// <summary>Does something a moment later, unless the sandbox ends before.</summary>
    public void Later(Action work) => _work.After(world.Options.StateDelay, work);

    public void Dispose() => _work.Dispose();

    private void Wait(ScheduleRecord schedule, int epoch, DateTimeOffset after)
    {
        DateTimeOffset start = Time(schedule, "StartDate") ?? schedule.Created;
        DateTimeOffset from = after < start && schedule.Request.ContainsKey("StartDate") ? start.AddTicks(-1) : after;
        DateTimeOffset? due = schedule.Times.After(from, start);
        if (due is null || due > Time(schedule, "EndDate"))
        {
            return;
        }

        Await(schedule, epoch, due.Value, due.Value + Shift(schedule, due.Value));
    }

    private void Await(ScheduleRecord schedule, int epoch, DateTimeOffset due, DateTimeOffset moment)
    {
        TimeSpan left = moment - world.Now;
        _work.After(left <= TimeSpan.Zero ? TimeSpan.Zero : left < s_longest ? left : s_longest, () =>
        {
            if (schedule.Epoch != epoch)
            {
                return;
            }

            if (world.Now < moment)
            {
                Await(schedule, epoch, due, moment);
                return;
            }

            if (schedule.Request.Text("State") != "DISABLED")
            {
                Call(schedule);
            }

            // Counted from when it was due: a flexible window does not push the next one back.
            Wait(schedule, epoch, due);
        });
    }

    private void Call(ScheduleRecord schedule)
    {
        JsonObject target = schedule.Request.Part("Target");
        try
        {
            RoleRecord role = ScheduleCheck.Role(world, target.Text("RoleArn")!)
                ?? throw new ServiceError("AccessDeniedException", "The execution role cannot be assumed.");
            Principal caller = AutomationRequests.RoleSession(world, role, "Scheduler");
            JsonObject call = ScheduleCheck.Read(target.Text("Input") ?? "{}");
            string document = $"arn:aws:ssm:{world.Region}::automation-definition/{call.Text("DocumentName")}:$DEFAULT";
            Authorizer.Check(world, caller, "ssm:StartAutomationExecution", WireProtocol.Json, document);
            schedule.Calls.Add((world.Now, world.Automation.Start(caller, call).Id, null));
        }
        catch (ServiceError e)
        {
            // As with AWS, nobody is told, unless a dead-letter queue was given.
            schedule.Calls.Add((world.Now, null, $"{e.Code}: {e.Message}"));
        }
    }

    private static DateTimeOffset? Time(ScheduleRecord schedule, string member) =>
        schedule.Request[member]?.GetValue<DateTimeOffset>();

    /// <summary>Somewhere in the flexible window, the same for the same time.</summary>
    private static TimeSpan Shift(ScheduleRecord schedule, DateTimeOffset due)
    {
        int minutes = schedule.Request.Part("FlexibleTimeWindow").Int("MaximumWindowInMinutes") ?? 0;
        int seed = schedule.Name.Aggregate((int)(due.ToUnixTimeSeconds() / 60), (hash, one) => unchecked((hash * 31) + one));
        return minutes == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes((seed & int.MaxValue) % minutes);
    }
}
