using SsmTools.Engine;
using SsmTools.Engine.Choosing;
using SsmTools.Engine.Registration;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Registration;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Choosing;

public sealed class TargetCandidatesTests
{
    [Fact]
    public async Task Targets_of_several_accounts_are_found_each_in_its_own_and_once()
    {
        await using ProvisioningAccount one = new();
        await using ProvisioningAccount other = new();
        string web = Assert.Single(await RegistrationProbeTests.LaunchAsync(one, 1, register: false, name: "web"));
        string[] db = await RegistrationProbeTests.LaunchAsync(other, 2, register: false, name: "db");

        IReadOnlyList<TargetCandidate> found = await TargetCandidates.FindAsync(
            [
                new WantedTarget(one.Context, "web", false),
                new WantedTarget(one.Context, web, true),
                new WantedTarget(other.Context, "d*", false),
            ],
            TestTimeout.Token);

        Assert.Equal([web], found.Where(candidate => candidate.Context == one.Context).Select(candidate => candidate.Node.InstanceId));
        Assert.Equal(
            db.Order(StringComparer.Ordinal),
            found.Where(candidate => candidate.Context == other.Context).Select(candidate => candidate.Node.InstanceId).Order(StringComparer.Ordinal));
        Assert.Equal($"{web} (web)", found[0].Label);
    }

    [Fact]
    public async Task What_is_known_of_Windows_beforehand_is_not_forgotten()
    {
        await using ProvisioningAccount account = new();

        IReadOnlyList<TargetCandidate> found = await TargetCandidates.FindAsync(
            [new WantedTarget(account.Context, "i-0123456789abcdef0", true), new WantedTarget(account.Context, "mi-0123456789abcdef0", false)],
            TestTimeout.Token);

        Assert.Equal([true, false], found.Select(candidate => candidate.Node.IsWindows));
        Assert.Equal("mi-0123456789abcdef0", found[1].Label);
        Assert.Empty(account.Calls);
    }

    [Fact]
    public async Task One_that_stands_for_nothing_is_an_error()
    {
        await using ProvisioningAccount account = new();

        EngineException error = await Assert.ThrowsAsync<EngineException>(() => TargetCandidates.FindAsync(
            [new WantedTarget(account.Context, "i-0123456789abcdef0", false), new WantedTarget(account.Context, "nobody", false)],
            TestTimeout.Token));

        Assert.Equal(("TargetNotFound", "nobody"), (error.ErrorId, error.Target));
    }

    [Fact]
    public async Task Only_nodes_that_a_session_could_be_had_with_are_listed_and_described_in_full()
    {
        await using ProvisioningAccount account = new();
        string web = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: true, name: "web"));
        string idle = Assert.Single(await RegistrationProbeTests.LaunchAsync(account, 1, register: false, name: "idle"));

        NodeRegistration listed = Assert.Single(await TargetCandidates.ListAsync(account.Context, TestTimeout.Token));
        IReadOnlyList<NodeRegistration> described = await TargetCandidates.DescribeAsync(
            await TargetCandidates.FindAsync([new WantedTarget(account.Context, "*", false)], TestTimeout.Token), TestTimeout.Token);

        Assert.Equal(web, listed.InstanceId);
        Assert.Equal(
            new[] { (idle, false), (web, true) }.Order(),
            described.Select(node => (node.InstanceId, node.Registered)).Order());
        Assert.Equal(new TargetNode(web, "web", false), TargetCandidates.Of(account.Context, listed).Node);
    }
}
