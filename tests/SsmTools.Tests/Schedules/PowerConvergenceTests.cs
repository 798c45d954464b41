using SsmTools.Engine;
using SsmTools.Engine.Schedules;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Schedules;

/// <summary>
/// Schedules that are made and removed while calls are throttled, fail, lose their answers and see what was a moment ago,
/// and whoever calls dies: each step is run again until it says that it is done.
/// </summary>
public sealed class PowerConvergenceTests
{
    private const int Seeds = 60;
    private const int MostRuns = 40;

    private static readonly PowerScheduleRequest s_request = new()
    {
        Name = "office",
        TagKey = "Env",
        TagValue = "test",
        StartTime = TimeSpan.FromHours(7),
        StopTime = TimeSpan.FromHours(19),
        TimeZone = "UTC",
    };

    [Fact]
    public async Task Whatever_goes_wrong_the_same_is_there_in_the_end_and_nothing_after_removal()
    {
        int faults = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            FaultSchedule schedule = new(seed);
            using MemoryAccount account = new(schedule);
            await UntilDoneAsync(schedule, token => MakeAsync(account, token));
            Check(account.World, schedule, seed, 2, 1, 2);

            schedule.IsQuiet = true;
            await MakeAsync(account, TestTimeout.Token);
            Assert.Equal(0, schedule.QuietChanges);
            schedule.IsQuiet = false;

            await UntilDoneAsync(schedule, token => RemoveAsync(account, token));
            account.Clock.Advance(TimeSpan.FromSeconds(5));
            Check(account.World, schedule, seed, 0, 0, 0);
            faults += schedule.Faults;
        }

        Assert.True(faults > Seeds);
    }

    private static void Check(SandboxWorld world, FaultSchedule schedule, int seed, int schedules, int groups, int roles)
    {
        (int Schedules, int Groups, int Roles) found = (world.Scheduler.Schedules.Count, world.Scheduler.Groups.Count, world.Roles.Count);
        Assert.True(
            found == (schedules, groups, roles) && world.Roles.Values.All(role => role.Inline.Count == 1),
            $"Seed {seed}: {found} after\n{string.Join('\n', schedule.Log)}");
    }

    private static async Task MakeAsync(MemoryAccount account, CancellationToken token) =>
        await (await new PowerScheduler(account.Context, account.Time).PlanAsync(s_request, false, token)).ApplyAsync(token);

    private static async Task RemoveAsync(MemoryAccount account, CancellationToken token)
    {
        try
        {
            await (await new PowerScheduler(account.Context, account.Time).PlanRemovalAsync("office", false, token)).ApplyAsync(token);
        }
        catch (EngineException gone) when (gone.ErrorId == "PowerScheduleNotFound")
        {
            // All of it was gone when the run before was killed.
        }
    }

    private static async Task UntilDoneAsync(FaultSchedule schedule, Func<CancellationToken, Task> run)
    {
        for (int runs = 1; ; runs++)
        {
            try
            {
                await run(schedule.Life);
                return;
            }
            catch (OperationCanceledException) when (schedule.Life.IsCancellationRequested)
            {
                schedule.Revive();
            }
            catch (EngineException exception) when (runs < MostRuns
                && exception.ErrorId is "ServiceUnavailable" or "Throttled" or "ConnectionBroken" or "EndpointUnreachable")
            {
            }
        }
    }
}
