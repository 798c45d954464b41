using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Registration;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Diagnosis;

public sealed class DoctorWaitTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task A_failure_that_does_not_mend_by_itself_ends_the_wait_early()
    {
        await using Ward ward = new();
        string id = Assert.Single(await ward.LaunchAsync(1, null));
        DateTimeOffset start = ward.Account.Clock.GetUtcNow();

        NodeDiagnosis diagnosis = Assert.Single(await WaitAsync(ward, s_timeout, null, id));

        Assert.False(diagnosis.Node.Registered);
        Assert.Equal("InstanceProfile", diagnosis.FirstFailure!.Check);
        Assert.Equal("no instance profile is attached", diagnosis.Node.Reason);
        Assert.InRange(ward.Account.Clock.GetUtcNow() - start, TimeSpan.FromSeconds(12), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_failure_that_is_mended_meanwhile_does_not()
    {
        await using Ward ward = new();
        string id = Assert.Single(await ward.LaunchAsync(1, "web", registers: false));
        RoleRecord role = ward.World.Roles["web"];
        role.Attached.Clear();
        using ITimer mend = ward.Account.Clock.CreateTimer(
            _ => role.Attached.Add(AwsManagedPolicies.Core), null, TimeSpan.FromSeconds(8), Timeout.InfiniteTimeSpan);
        using ITimer boot = ward.Account.Clock.CreateTimer(
            _ => ward.World.Register(ward.World.Instances[id], "3.3.1142.0"), null, TimeSpan.FromSeconds(90), Timeout.InfiniteTimeSpan);

        NodeDiagnosis diagnosis = Assert.Single(await WaitAsync(ward, s_timeout, null, id));

        Assert.True(diagnosis.Node.Registered);
    }

    [Fact]
    public async Task A_sleeping_agent_is_waited_for_and_the_progress_says_until_when()
    {
        await using Ward ward = new();
        string id = Assert.Single(await ward.LaunchAsync(1, "web", registers: false));
        ward.Account.Clock.Advance(TimeSpan.FromMinutes(8));
        Reports reports = new();

        NodeDiagnosis diagnosis = Assert.Single(await WaitAsync(ward, TimeSpan.FromMinutes(2), reports, id));

        Assert.Equal("BackOff", diagnosis.FirstFailure!.Check);
        Assert.EndsWith("; waited 2 min", diagnosis.Node.Reason, StringComparison.Ordinal);
        Assert.Contains(reports.All, report => report.Waiting.Contains("tries again by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_waited_for_in_vain_costs_few_examinations()
    {
        await using Ward ward = new();
        string[] ids = await ward.LaunchAsync(100, "web", registers: false);
        ward.Account.Forget();

        IReadOnlyList<NodeDiagnosis> all = await WaitAsync(ward, TimeSpan.FromMinutes(4), null, ids);

        Assert.Equal(100, all.Count);
        Assert.All(all, one => Assert.NotEmpty(one.Findings));
        Assert.InRange(ward.Account.Calls.Count(call => call == "DescribeRouteTables"), 2, 10);
    }

    private static async Task<IReadOnlyList<NodeDiagnosis>> WaitAsync(
        Ward ward, TimeSpan timeout, IProgress<RegistrationProgress>? progress, params string[] ids)
    {
        List<NodeDiagnosis> all = [];
        Doctor doctor = new(ward.Account.Context, ward.Account.Time, new Random(3));
        await foreach (NodeDiagnosis diagnosis in doctor.WaitAsync(ids, timeout, false, progress, TestTimeout.Token))
        {
            all.Add(diagnosis);
        }

        return all;
    }

    private sealed class Reports : IProgress<RegistrationProgress>
    {
        public List<RegistrationProgress> All { get; } = [];

        public void Report(RegistrationProgress value) => All.Add(value);
    }
}
