using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Repair;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Repair;

/// <summary>For each link of the chain: it is broken alone, found first, mended, and the node then registers by itself.</summary>
public sealed class RepairScenarioTests
{
    private const string Patience = "Patience";

    public static TheoryData<string> Mended => [.. RegistrationScenarios.Mended.Select(scenario => scenario.Name)];

    public static TheoryData<string> Advised => [.. RegistrationScenarios.Advised.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Mended))]
    public async Task What_is_broken_is_found_first_and_mended_and_the_node_registers(string name)
    {
        RegistrationScenario scenario = RegistrationScenarios.Find(name);
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.PlayAsync(scenario);
        RepairBench bench = new(sandbox);

        NodeDiagnosis diagnosis = await bench.DiagnoseAsync(instance.Id);
        Plan<IReadOnlyList<string>> plan = await bench.PlanAsync(
            [diagnosis], new RepairOptions { Reboot = scenario.Reboot, IncludeWarnings = scenario.IncludeWarnings });

        Assert.Equal(scenario.Check, Broken(diagnosis).Check);
        Assert.Single(diagnosis.Findings, finding => finding.Status == FindingStatus.Fail || finding == Broken(diagnosis));
        Assert.Empty(plan.Problems);
        Assert.Equal(scenario.Changes.Count, plan.Changes.Count);
        Assert.All(plan.Changes.Zip(scenario.Changes), pair =>
            Assert.StartsWith(pair.Second, pair.First.Action, StringComparison.Ordinal));

        IReadOnlyList<string> helped = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal([instance.Id], helped);
        await sandbox.AwaitRegistrationAsync(instance);
        await AssertWholeAsync(bench, instance);
    }

    [Theory]
    [MemberData(nameof(Advised))]
    public async Task What_only_a_person_can_mend_is_found_first_and_told_and_nothing_is_changed(string name)
    {
        RegistrationScenario scenario = RegistrationScenarios.Find(name);
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        InstanceRecord instance = await sandbox.PlayAsync(scenario);
        RepairBench bench = new(sandbox);

        NodeDiagnosis diagnosis = await bench.DiagnoseAsync(instance.Id);
        Plan<IReadOnlyList<string>> plan = await bench.PlanAsync(diagnosis, reboot: true);

        Assert.Equal(scenario.Check, Broken(diagnosis).Check);
        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Problems);
        string warning = Assert.Single(plan.Warnings);
        Assert.StartsWith($"{instance.Id}: ", warning, StringComparison.Ordinal);
        Assert.Contains(scenario.Advice!, warning, StringComparison.Ordinal);
        Assert.Contains("for a person", warning, StringComparison.Ordinal);

        await scenario.ByHand!(sandbox, instance);

        await sandbox.AwaitRegistrationAsync(instance);
        await AssertWholeAsync(bench, instance);
    }

    [Fact]
    public async Task What_takes_time_is_told_and_comes_by_itself()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync(options => options with { BootDelay = TimeSpan.FromMinutes(3) });
        await sandbox.CreateProfileAsync(RegistrationScenarios.Role);
        InstanceRecord instance = await sandbox.LaunchAsync(RegistrationScenarios.Role);
        RepairBench bench = new(sandbox);

        NodeDiagnosis diagnosis = await bench.DiagnoseAsync(instance.Id);
        Plan<IReadOnlyList<string>> plan = await bench.PlanAsync(diagnosis, reboot: true);

        Finding waiting = Assert.Single(diagnosis.Findings, finding => finding.Status != FindingStatus.Pass);
        Assert.Equal((Patience, FindingStatus.Warn), (waiting.Check, waiting.Status));
        Assert.StartsWith("Wait", waiting.Fix, StringComparison.Ordinal);
        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Warnings);
        await sandbox.AwaitRegistrationAsync(instance);
        await AssertWholeAsync(bench, instance);
    }

    [Fact]
    public void Every_check_has_its_scenario() => Assert.Equal(
        CheckList.First.Concat(CheckList.Last).Select(check => check.Id).Order(),
        RegistrationScenarios.Mended.Concat(RegistrationScenarios.Advised).Select(scenario => scenario.Check)
            .Concat(HybridScenarioTests.Checks).Append(Patience).Distinct().Order());

    private static Finding Broken(NodeDiagnosis diagnosis) =>
        diagnosis.FirstFailure ?? diagnosis.Findings.First(finding => finding.Status == FindingStatus.Warn);

    private static async Task AssertWholeAsync(RepairBench bench, InstanceRecord instance)
    {
        NodeDiagnosis after = await bench.DiagnoseAsync(instance.Id);
        Plan<IReadOnlyList<string>> second = await bench.PlanAsync(after, reboot: true);

        Assert.True(after.Node.Registered);
        Assert.Null(after.FirstFailure);
        Assert.Empty(second.Changes);
        Assert.Empty(second.Warnings);
    }
}
