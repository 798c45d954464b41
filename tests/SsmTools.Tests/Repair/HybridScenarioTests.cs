using System.Text.Json;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Repair;

/// <summary>
/// Machines that are no instances: what keeps them away is found first and told, nothing is changed, and once a person has
/// done what was told, they come by themselves.
/// </summary>
public sealed class HybridScenarioTests : IAsyncLifetime
{
    /// <summary>The checks that have their scenario here.</summary>
    public static readonly string[] Checks = ["HybridActivation", "InstanceTier"];

    private TestSandbox _sandbox = null!;
    private RepairBench _bench = null!;
    private HybridMachine _machine = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _bench = new RepairBench(_sandbox);
        _machine = new HybridMachine(_sandbox);
        await _sandbox.Aws.Iam.CreateRoleAsync(
            new CreateRoleRequest
            {
                RoleName = "office",
                AssumeRolePolicyDocument = """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}
                    """,
            },
            TestTimeout.Token);
        await _sandbox.GrantAsync("office");
    }

    public async Task DisposeAsync()
    {
        _machine.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_machine_set_up_anew_needs_a_new_activation_and_registers_with_it()
    {
        await SetTierAsync("advanced");
        JsonElement spent = await ActivateAsync();
        Assert.True(await _machine.StartAsync(spent));
        string before = _machine.NodeId!;
        _machine.SetUpAnew();
        _sandbox.Host.Clock.Advance(NodeRecord.LostAfter + TimeSpan.FromMinutes(1));
        Assert.False(await _machine.StartAsync(spent));

        string told = await AssertToldAsync(before, "HybridActivation");
        Assert.Contains("register it with a new activation", told, StringComparison.Ordinal);

        Assert.True(await _machine.StartAsync(await ActivateAsync()));
        Assert.NotEqual(before, _machine.NodeId);
        await AssertWholeAsync(_machine.NodeId!);
    }

    [Fact]
    public async Task A_machine_that_is_the_same_comes_back_without_an_activation()
    {
        await SetTierAsync("advanced");
        JsonElement spent = await ActivateAsync();
        Assert.True(await _machine.StartAsync(spent));
        _sandbox.Host.Clock.Advance(TimeSpan.FromDays(2));

        string told = await AssertToldAsync(_machine.NodeId!, "HybridActivation");
        Assert.Contains("Start the agent if the machine is the same", told, StringComparison.Ordinal);

        Assert.True(await _machine.StartAsync(spent));
        await AssertWholeAsync(_machine.NodeId!);
    }

    [Fact]
    public async Task In_the_standard_tier_a_machine_is_there_and_gets_no_sessions()
    {
        await SetTierAsync("standard");
        Assert.True(await _machine.StartAsync(await ActivateAsync()));

        string told = await AssertToldAsync(_machine.NodeId!, "InstanceTier");
        Assert.Contains("advanced tier", told, StringComparison.Ordinal);

        await SetTierAsync("advanced");
        await AssertWholeAsync(_machine.NodeId!);
    }

    private async Task<string> AssertToldAsync(string id, string check)
    {
        NodeDiagnosis diagnosis = await _bench.DiagnoseAsync(id);
        Plan<IReadOnlyList<string>> plan = await _bench.PlanAsync(diagnosis, reboot: true);

        Finding failure = Assert.Single(diagnosis.Findings, finding => finding.Status != FindingStatus.Pass);
        Assert.Equal((check, FindingStatus.Fail), (failure.Check, failure.Status));
        Assert.NotNull(failure.Command);
        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Problems);
        string warning = Assert.Single(plan.Warnings);
        Assert.StartsWith($"{id}: ", warning, StringComparison.Ordinal);
        Assert.Contains("for a person", warning, StringComparison.Ordinal);
        return warning;
    }

    private async Task AssertWholeAsync(string id)
    {
        NodeDiagnosis after = await _bench.DiagnoseAsync(id);

        Assert.True(after.Node.Registered);
        Assert.All(after.Findings, finding => Assert.Equal(FindingStatus.Pass, finding.Status));
        Assert.Superset(Checks.ToHashSet(), after.Findings.Select(finding => finding.Check).ToHashSet());
        Assert.Empty((await _bench.PlanAsync(after, reboot: true)).Warnings);
    }

    private Task<JsonElement> ActivateAsync() =>
        _sandbox.CallAsync("CreateActivation", """{"IamRole":"office","RegistrationLimit":1}""");

    private Task<JsonElement> SetTierAsync(string tier) => _sandbox.CallAsync(
        "UpdateServiceSetting", $$"""{"SettingId":"/ssm/managed-instance/activation-tier","SettingValue":"{{tier}}"}""");
}
