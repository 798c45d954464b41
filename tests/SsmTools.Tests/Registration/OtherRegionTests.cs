using SsmTools.Engine;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Repair;
using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Registration;

/// <summary>An id that another region has: whoever is given it says which.</summary>
public sealed class OtherRegionTests : IAsyncLifetime
{
    private const string Nowhere = "i-00000000000000000";

    private readonly TwoRegions _account = new();
    private string _id = null!;

    public async Task InitializeAsync() => _id = await _account.LaunchThereAsync();

    public Task DisposeAsync()
    {
        _account.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_doctor_says_so_whether_asked_for_details_or_not(bool isDetailed)
    {
        List<NodeDiagnosis> all = [];
        await foreach (NodeDiagnosis one in new Doctor(_account.Context).TestAsync([_id, Nowhere], isDetailed, TestTimeout.Token))
        {
            all.Add(one);
        }

        Assert.Equal($"no such instance in {TwoRegions.Here}, but in {TwoRegions.There}", all[0].Node.Reason);
        Assert.Equal(new FindingCause.NodeNotFound(_id, TwoRegions.There), all[0].FirstFailure!.Cause);
        Assert.Equal(new FindingCause.NodeNotFound(Nowhere, null), all[1].FirstFailure!.Cause);

        // However many ids: each other region is asked once.
        Assert.All(_account.Calls.Where(region => region != TwoRegions.Here).GroupBy(region => region), calls => Assert.Single(calls));
    }

    [Fact]
    public async Task The_inventory_says_so()
    {
        List<InventoryItem> items = [];
        await foreach (InventoryItem item in
            new NodeInventory(_account.Context).ListAsync(new NodeQuery { Targets = [_id, Nowhere] }, TestTimeout.Token))
        {
            items.Add(item);
        }

        AssertNames(items[0].Problem);
        Assert.Equal($"There is no instance {Nowhere} in {TwoRegions.Here}.", items[1].Problem!.Message);
    }

    [Fact]
    public async Task A_removal_says_so() => AssertNames(await Assert.ThrowsAsync<EngineException>(
        () => new InstanceProvisioner(_account.Context).PlanRemovalAsync([_id], true, TestTimeout.Token)));

    [Fact]
    public async Task A_repair_says_so()
    {
        RegistrationRepair repair = new(_account.Context, new RepairOptions());

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => repair.PlanAsync([_id], TestTimeout.Token));

        Assert.Equal("InstanceNotFound", error.ErrorId);
        Assert.Contains(TwoRegions.There, error.Message, StringComparison.Ordinal);
        Assert.Equal($"Name the region: -Region {TwoRegions.There}", error.Recommendation);
    }

    [Fact]
    public async Task An_assignment_says_so()
    {
        await (await new RoleProvisioner(_account.Context).PlanAsync(new RoleRequest { Name = "web" }, TestTimeout.Token))
            .ApplyAsync(TestTimeout.Token);

        AssertNames(await Assert.ThrowsAsync<EngineException>(() => new RoleAssigner(_account.Context).PlanAsync(
            new RoleAssignmentRequest { RoleName = "web", InstanceIds = [_id] }, TestTimeout.Token)));
    }

    [Fact]
    public async Task A_session_says_so()
    {
        EngineException error = await Assert.ThrowsAsync<EngineException>(() => ShellSession.StartAsync(
            _account.Context, new ShellSessionOptions { Target = _id }, _account.Time, TestTimeout.Token));

        Assert.Equal(
            ("TargetNotFound", $"A session with {_id} cannot start: it is not in {TwoRegions.Here}, but in {TwoRegions.There}."),
            (error.ErrorId, error.Message));
        Assert.Equal($"Name the region: -Region {TwoRegions.There}", error.Recommendation);
    }

    [Fact]
    public async Task Regions_that_do_not_answer_are_not_waited_for()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _account.Delay = async stop =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop);
        };

        Task<IReadOnlyDictionary<string, string>> search = new RegionSearch(_account.Context).FindAsync([_id], TestTimeout.Token);
        await asked.Task.WaitAsync(TestTimeout.Token);
        _account.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(await search.WaitAsync(TestTimeout.Token));
    }

    private void AssertNames(EngineException? error)
    {
        Assert.Equal(
            ("InstanceNotFound", $"There is no instance {_id} in {TwoRegions.Here}: it is in {TwoRegions.There}."),
            (error?.ErrorId, error?.Message));
        Assert.Equal($"Name the region: -Region {TwoRegions.There}", error?.Recommendation);
    }
}
