using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Provisioning;

/// <summary>
/// Role, network and instances, made and removed again while calls go wrong by schedule, each step run again until it says that it
/// is done: every schedule has to end in the state of a run in which nothing goes wrong, and to need no change then.
/// </summary>
internal sealed record ScheduledConvergence(int Schedules, int Calls, int Faults, int Deaths, int Runs)
{
    private const int MostRuns = 30;

    /// <summary>Runs schedules side by side; throws for the first that ends otherwise, and tells all that happened in it.</summary>
    public static async Task<ScheduledConvergence> RunAsync(int firstSeed, int schedules, CancellationToken cancellationToken)
    {
        string wanted;
        string empty;
        using (MemoryAccount account = new(FaultSchedule.None))
        {
            empty = Describe(account.World);
            await MakeAsync(account, CancellationToken.None);
            wanted = Describe(account.World);
        }

        ScheduledConvergence[] all = new ScheduledConvergence[schedules];
        await Parallel.ForAsync(0, schedules, cancellationToken, async (at, _) =>
            all[at] = await RunOneAsync(firstSeed + at, wanted, empty));
        return all.Aggregate((one, other) => new ScheduledConvergence(
            one.Schedules + other.Schedules,
            one.Calls + other.Calls,
            one.Faults + other.Faults,
            one.Deaths + other.Deaths,
            one.Runs + other.Runs));
    }

    private static async Task<ScheduledConvergence> RunOneAsync(int seed, string wanted, string empty)
    {
        FaultSchedule schedule = new(seed);
        using MemoryAccount account = new(schedule);
        int runs = await UntilDoneAsync(schedule, token => MakeAsync(account, token));
        Require(wanted, Describe(account.World));

        schedule.IsQuiet = true;
        await MakeAsync(account, CancellationToken.None);
        schedule.IsQuiet = false;
        Require("no change", schedule.QuietChanges == 0 ? "no change" : "changes");

        runs += await UntilDoneAsync(schedule, token => RemoveAsync(account, token));
        Require(empty, Describe(account.World));
        return new ScheduledConvergence(1, schedule.Calls, schedule.Faults, schedule.Deaths, runs);

        void Require(string expected, string found)
        {
            if (expected != found)
            {
                throw new InvalidOperationException(
                    $"Seed {seed}: wanted\n{expected}\nfound\n{found}\nafter\n{string.Join('\n', schedule.Log)}");
            }
        }
    }

    private static async Task<int> UntilDoneAsync(FaultSchedule schedule, Func<CancellationToken, Task> run)
    {
        for (int runs = 1; ; runs++)
        {
            try
            {
                await run(schedule.Life);
                return runs;
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

    private static async Task MakeAsync(MemoryAccount account, CancellationToken token)
    {
        InstanceRole role = await (await new RoleProvisioner(account.Context, account.Time)
            .PlanAsync(new RoleRequest { Name = "web" }, token)).ApplyAsync(token);
        SsmNetworkDescription network = await (await new NetworkProvisioner(account.Context, account.Time)
            .PlanAsync(new NetworkRequest { Name = "lab", Cidr = "10.20.0.0/23" }, token)).ApplyAsync(token);
        LaunchRequest request = new()
        {
            SubnetIds = network.SubnetIds,
            SecurityGroupIds = [network.SecurityGroupId],
            InstanceProfileName = role.InstanceProfileName,
            Name = "web",
            Count = 3,
        };
        await (await new InstanceProvisioner(account.Context, account.Time).PlanAsync(request, token)).ApplyAsync(token);
    }

    private static async Task RemoveAsync(MemoryAccount account, CancellationToken token)
    {
        string[] ids = [.. account.World.Instances.Keys];
        await (await new InstanceProvisioner(account.Context, account.Time).PlanRemovalAsync(ids, false, token)).ApplyAsync(token);
        await (await new NetworkProvisioner(account.Context, account.Time).PlanRemovalAsync("lab", false, token)).ApplyAsync(token);
        await (await new RoleProvisioner(account.Context, account.Time).PlanRemovalAsync("web", false, token)).ApplyAsync(token);
    }

    /// <summary>All that the account has, without ids: what must be the same whatever went wrong.</summary>
    private static string Describe(SandboxWorld world)
    {
        lock (world.Gate)
        {
            // A terminated instance takes its volume with it a moment later.
            HashSet<string> gone = world.Instances.Values
                .Where(one => one.State is InstanceState.ShuttingDown or InstanceState.Terminated)
                .Select(one => one.Id)
                .ToHashSet();
            IEnumerable<InstanceRecord> living = world.Instances.Values.Where(one => !gone.Contains(one.Id));
            int volumes = world.Volumes.Values.Count(volume => volume.InstanceId is not { } id || !gone.Contains(id));
            return string.Join('\n',
            [
                .. world.Roles.Values.Select(role => $"role {role.Name}: {string.Join(',', role.Attached)}; {Tags(role.Tags)}"),
                .. world.Profiles.Values.Select(profile => $"profile {profile.Name}: {profile.RoleName}; {Tags(profile.Tags)}"),
                .. living.Select(one => $"instance {one.Subnet.Cidr} {one.Type.Name} {one.Profile?.Name}; {Tags(one.Tags)}").Order(),
                $"volumes {volumes}; vpcs {world.Vpcs.Count}, subnets {world.Subnets.Count}, groups {world.SecurityGroups.Count},"
                    + $" endpoints {world.Endpoints.Count}, route tables {world.RouteTables.Count}",
            ]);
        }
    }

    private static string Tags(IReadOnlyDictionary<string, string> tags) => string.Join(',', tags.Select(tag => $"{tag.Key}={tag.Value}"));
}
