using SsmTools.Engine;
using SsmTools.Engine.Alerts;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Alerts;

/// <summary>Alerts that contradict themselves, that others have had their hands on, and that move.</summary>
public sealed class AlertTroubleTests
{
    private static readonly SessionAlertRequest s_all = new() { Name = "sessions", AllNodes = true };

    [Fact]
    public async Task All_nodes_and_some_nodes_are_not_asked_for_at_once()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);

        EngineException byTag = await FailAsync(() => alerts.PlanAsync(
            s_all with { NodeTags = new Dictionary<string, IReadOnlyList<string>> { ["Team"] = ["web"] } }, TestTimeout.Token));
        EngineException byId = await FailAsync(() => alerts.PlanAsync(s_all with { InstanceIds = ["i-0123456789abcdef0"] }, TestTimeout.Token));

        Assert.Equal(("NodesContradict", "NodesContradict"), (byTag.ErrorId, byId.ErrorId));
        Assert.Empty(account.Calls);
    }

    [Fact]
    public async Task A_topic_of_another_region_is_refused_with_both_regions()
    {
        await using ProvisioningAccount account = new();
        string arn = $"arn:aws:sns:us-gov-west-1:{account.World.AccountId}:alerts";

        EngineException e = await FailAsync(() => new SessionAlertProvisioner(account.Context, account.Time)
            .PlanAsync(s_all with { TopicArn = arn }, TestTimeout.Token));

        Assert.Equal(("TopicElsewhere", ErrorKind.InvalidArgument), (e.ErrorId, e.Kind));
        Assert.Contains("us-gov-west-1", e.Message, StringComparison.Ordinal);
        Assert.Contains(account.World.Region, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_belongs_to_another_alert_is_called_that_and_not_deleted_by_force()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        string[] ids = [.. Enumerable.Range(0, 200).Select(i => $"i-{i:x17}")];
        await (await alerts.PlanAsync(new() { Name = "web", InstanceIds = ids }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        foreach (bool force in new[] { false, true })
        {
            EngineException e = await FailAsync(() => alerts.PlanRemovalAsync("web-2", force, TestTimeout.Token));
            Assert.Equal(("AlertNotManaged", "web-2"), (e.ErrorId, e.Target));
            Assert.Contains("alert web,", e.Message, StringComparison.Ordinal);
            Assert.Contains("Unregister-SsmSessionAlert web", e.Recommendation, StringComparison.Ordinal);
        }

        EngineException taken = await FailAsync(() => alerts.PlanAsync(s_all with { Name = "web-2" }, TestTimeout.Token));
        Assert.Contains("alert web,", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_whose_pattern_was_changed_by_hand_is_still_ours_and_is_put_right_or_taken_away()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        await (await alerts.PlanAsync(s_all, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        string pattern = account.World.Rules["sessions"].Pattern!;
        account.World.Rules["sessions"].Pattern = """{"source":["aws.ec2"]}""";

        await (await alerts.PlanAsync(s_all, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Equal(pattern, account.World.Rules["sessions"].Pattern);
        account.World.Rules["sessions"].Pattern = """{"source":["aws.ec2"]}""";
        await (await alerts.PlanRemovalAsync("sessions", false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.Empty(account.World.Rules);
        Assert.Empty(account.World.Topics);
    }

    [Fact]
    public async Task An_alert_that_moves_to_another_topic_leaves_nothing_at_the_first()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        TopicRecord first = SessionAlertProvisionerTests.AddTopic(account, "first");
        TopicRecord second = SessionAlertProvisionerTests.AddTopic(account, "second");
        string before = first.Policy;
        await (await alerts.PlanAsync(s_all with { TopicArn = first.Arn }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Contains("events.amazonaws.com", first.Policy, StringComparison.Ordinal);

        SessionAlert moved = await (await alerts.PlanAsync(s_all with { TopicArn = second.Arn }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.Equal(second.Arn, moved.TopicArn);
        Assert.True(PolicyJson.IsSame(before, first.Policy));
        Assert.Contains("events.amazonaws.com", second.Policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alias/aws/sns", "may never use")]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab", "unless the key's policy lets")]
    public async Task That_a_key_may_keep_the_topic_silent_is_told(string key, string words)
    {
        await using ProvisioningAccount account = new();
        TopicRecord topic = SessionAlertProvisionerTests.AddTopic(account, "encrypted");
        topic.KmsKeyId = key;

        Plan<SessionAlert> plan = await new SessionAlertProvisioner(account.Context, account.Time)
            .PlanAsync(s_all with { TopicArn = topic.Arn }, TestTimeout.Token);

        Assert.Contains(words, Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_of_which_none_has_the_tags_are_not_told_as_if_no_node_had_them()
    {
        await using ProvisioningAccount account = new();
        WorldFleet.Add(account.World, account.World.Seed.Isolated[0], "web").Tags["Team"] = "web";
        SessionAlertRequest request = new()
        {
            Name = "web",
            InstanceIds = ["i-0123456789abcdef0"],
            NodeTags = new Dictionary<string, IReadOnlyList<string>> { ["Team"] = ["web"] },
        };

        EngineException e = await FailAsync(() => new SessionAlertProvisioner(account.Context, account.Time).PlanAsync(request, TestTimeout.Token));

        Assert.Equal("AlertMatchesNoNode", e.ErrorId);
        Assert.StartsWith("None of the nodes that are named has the tags Team=web now.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_in_a_subscribers_address_is_in_no_words()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        SessionAlertRequest request = s_all with { Subscribers = ["https://ops:hunter2@pager.example.com/hook"] };

        Plan<SessionAlert> plan = await alerts.PlanAsync(request, TestTimeout.Token);
        Assert.Contains("Subscribe https://pager.example.com/hook, who must confirm it (topic SsmTools-sessions)", plan.Changes.Select(change => change.ToString()));
        await plan.ApplyAsync(TestTimeout.Token);
        Assert.Empty((await alerts.PlanAsync(request, TestTimeout.Token)).Changes);

        EngineException e = await FailAsync(() => alerts.PlanAsync(s_all with { Subscribers = ["ftp://ops:hunter2@example.com"] }, TestTimeout.Token));
        Assert.DoesNotContain("hunter2", $"{e.Message}{e.Recommendation}{e.Target}", StringComparison.Ordinal);
    }

    private static async Task<EngineException> FailAsync(Func<Task> act) => await Assert.ThrowsAsync<EngineException>(act);
}
