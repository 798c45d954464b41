using SsmTools.Engine.Aws.Ec2;
using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Support;

/// <summary>Plays a scenario in a sandbox: by the API as far as there is one, and always to the point where the agent was refused.</summary>
internal static class ScenarioStage
{
    /// <summary>Changes the account as nobody could by the API.</summary>
    public static void Change(this TestSandbox sandbox, Action<SandboxWorld> change)
    {
        lock (sandbox.Host.World.Gate)
        {
            change(sandbox.Host.World);
        }
    }

    /// <summary>An instance as the scenario wants it; its agent has tried without success, and sleeps.</summary>
    public static async Task<InstanceRecord> PlayAsync(this TestSandbox sandbox, RegistrationScenario scenario, string? name = null)
    {
        SandboxWorld world = sandbox.Host.World;
        if (scenario.HasProfile && !world.Roles.ContainsKey(RegistrationScenarios.Role))
        {
            await sandbox.CreateProfileAsync(RegistrationScenarios.Role);
        }

        InstanceRecord instance = await LaunchAsync(sandbox, scenario, name);
        await scenario.Break(sandbox, instance);
        await SwitchOnAsync(sandbox, instance);
        if (scenario.Afterwards is not null)
        {
            await scenario.Afterwards(sandbox, instance);
        }

        return instance;
    }

    /// <summary>Turns the clock until the agent of a node has come by itself.</summary>
    public static async Task AwaitRegistrationAsync(this TestSandbox sandbox, InstanceRecord instance)
    {
        CancellationToken timeout = TestTimeout.Token;
        while (await sandbox.ReadStatusAsync(instance.Id, timeout) != "Online")
        {
            // In steps: an agent that came is not to be lost again on the way.
            sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    // The machine stays off until all is broken: its agent would be quicker.
    private static async Task<InstanceRecord> LaunchAsync(TestSandbox sandbox, RegistrationScenario scenario, string? name)
    {
        SandboxWorld world = sandbox.Host.World;
        IInstanceHost? host = world.Lifecycle.Host;
        world.Lifecycle.Host = null;
        RunInstancesRequest request = new()
        {
            ImageId = world.Images.First(scenario.Image ?? (image => image.HasAgent)).ImageId,
            InstanceType = "t3.nano",
            MinCount = 1,
            MaxCount = 1,
            SubnetId = (scenario.Subnet?.Invoke(world) ?? world.Seed.Isolated[0]).Id,
            SecurityGroupIds = { sandbox.Host.Facts.SecurityGroupId },
            IamInstanceProfile = scenario.HasProfile
                ? new IamInstanceProfileSpecification { Name = RegistrationScenarios.Role }
                : null,
        };
        if (name is not null)
        {
            request.TagSpecifications.Add(
                new TagSpecification { ResourceType = "instance", Tags = { new Tag { Key = "Name", Value = name } } });
        }

        RunInstancesResponse response = await sandbox.Aws.Ec2.RunInstancesAsync(request, TestTimeout.Token);
        sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        world.Lifecycle.Host = host;
        lock (world.Gate)
        {
            return world.Instances[response.Instances[0].InstanceId!];
        }
    }

    private static async Task SwitchOnAsync(TestSandbox sandbox, InstanceRecord instance)
    {
        SandboxWorld world = sandbox.Host.World;
        bool willRegister = RegistrationRules.Evaluate(world, instance).Count == 0;
        world.Lifecycle.Reboot(instance);
        if (willRegister)
        {
            await sandbox.WaitForStatusAsync(instance.Id, "Online");
            return;
        }

        CancellationToken timeout = TestTimeout.Token;
        while (!Sleeps())
        {
            timeout.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        bool Sleeps()
        {
            lock (world.Gate)
            {
                return instance.AgentSleepsUntil is not null;
            }
        }
    }
}
