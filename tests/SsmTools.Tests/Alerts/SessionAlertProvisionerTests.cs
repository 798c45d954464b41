using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Alerts;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Provisioning;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Alerts;

public sealed class SessionAlertProvisionerTests
{
    private static readonly SessionAlertRequest s_all = new() { Name = "sessions", AllNodes = true };

    [Fact]
    public async Task Topic_policy_rule_and_target_are_made_and_a_second_run_finds_nothing_to_do()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        SessionAlertRequest request = s_all with { Subscribers = ["ops@example.com"] };

        Plan<SessionAlert> plan = await alerts.PlanAsync(request, TestTimeout.Token);
        Assert.Empty(account.Mutations);
        SessionAlert made = await plan.ApplyAsync(TestTimeout.Token);
        Plan<SessionAlert> again = await alerts.PlanAsync(request, TestTimeout.Token);

        Assert.Equal(
            [
                "Make the topic (topic SsmTools-sessions)", "Let the alert's rules publish (topic SsmTools-sessions)",
                "Subscribe ops@example.com, who must confirm it (topic SsmTools-sessions)",
                "Make the rule (rule sessions)", "Have it tell the topic (rule sessions)",
            ],
            plan.Changes.Select(change => change.ToString()));
        Assert.Empty(plan.Warnings);
        Assert.True(made.Enabled);
        Assert.Empty(made.InstanceIds);
        Assert.Equal(["ops@example.com"], made.Pending);
        Assert.Equal("sessions", account.World.Rules["sessions"].Tags["SsmTools"]);
        Assert.Equal("sessions", account.World.Topics[made.TopicArn!].Tags["SsmTools"]);
        Assert.Empty(again.Changes);
    }

    [Fact]
    public async Task Tags_become_the_ids_of_now_and_a_later_run_brings_them_up_to_date()
    {
        await using ProvisioningAccount account = new();
        AddNodes(account, 3);
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        SessionAlertRequest request = new() { Name = "web", NodeTags = Tags("Team", "web") };

        Plan<SessionAlert> plan = await alerts.PlanAsync(request, TestTimeout.Token);
        SessionAlert first = await plan.ApplyAsync(TestTimeout.Token);
        AddNodes(account, 1);
        Plan<SessionAlert> later = await alerts.PlanAsync(request, TestTimeout.Token);
        SessionAlert second = await later.ApplyAsync(TestTimeout.Token);

        Assert.Contains("(3)", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Equal(3, first.InstanceIds.Count);
        Assert.Equal(["Give the rule the nodes of now (rule web)"], later.Changes.Select(change => change.ToString()));
        Assert.Equal(4, second.InstanceIds.Count);
    }

    [Fact]
    public async Task Many_nodes_need_several_rules_which_go_when_the_nodes_do()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        string[] ids = [.. Enumerable.Range(0, 400).Select(i => $"mi-{i:x17}")];

        SessionAlert many = await (await alerts.PlanAsync(new() { Name = "web", InstanceIds = ids }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        // The default quota of an account; a request can take twice as much.
        Assert.All(account.World.Rules.Values, rule => Assert.InRange(rule.Pattern!.Length, 1, 2048));
        SessionAlert few = await (await alerts.PlanAsync(new() { Name = "web", InstanceIds = ids[..10] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.Equal(["web", "web-2", "web-3", "web-4", "web-5", "web-6"], many.RuleNames);
        Assert.Equal(ids, many.InstanceIds);
        Assert.Equal(["web"], few.RuleNames);
        Assert.Single(account.World.Rules);
    }

    [Fact]
    public async Task A_topic_that_was_there_keeps_its_policy_and_stays()
    {
        await using ProvisioningAccount account = new();
        TopicRecord topic = AddTopic(account, "mine");
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        string before = topic.Policy;

        await (await alerts.PlanAsync(s_all with { TopicArn = topic.Arn }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        string with = topic.Policy;
        await (await alerts.PlanRemovalAsync("sessions", false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.Contains("events.amazonaws.com", with, StringComparison.Ordinal);
        Assert.Contains("Keep", with, StringComparison.Ordinal);
        Assert.True(PolicyJson.IsSame(before, topic.Policy));
        Assert.Contains(topic.Arn, account.World.Topics.Keys);
        Assert.Empty(account.World.Rules);
    }

    [Fact]
    public async Task Removal_takes_rules_and_the_topic_that_was_made_unless_another_alert_uses_it()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        SessionAlert one = await (await alerts.PlanAsync(s_all, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        await (await alerts.PlanAsync(s_all with { Name = "second", TopicArn = one.TopicArn }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Plan<SessionAlert> first = await alerts.PlanRemovalAsync("sessions", false, TestTimeout.Token);
        await first.ApplyAsync(TestTimeout.Token);
        Assert.Contains(one.TopicArn!, account.World.Topics.Keys);
        Assert.Contains("others use it", Assert.Single(first.Warnings), StringComparison.Ordinal);
        await (await alerts.PlanRemovalAsync("second", false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        await (await alerts.PlanAsync(s_all, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        await (await alerts.PlanRemovalAsync("sessions", false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Plan<SessionAlert> none = await alerts.PlanRemovalAsync("sessions", false, TestTimeout.Token);

        Assert.Empty(account.World.Rules);
        Assert.Empty(account.World.Topics);
        Assert.Empty(none.Changes);
        Assert.Single(none.Warnings);
    }

    [Fact]
    public async Task Names_that_others_have_are_left_alone()
    {
        await using ProvisioningAccount account = new();
        account.World.Rules.Add("sessions", new RuleRecord { Name = "sessions", Arn = $"arn:aws:events:{account.World.Region}:{account.World.AccountId}:rule/sessions", Pattern = """{"source":["aws.ec2"]}""" });
        AddTopic(account, "SsmTools-other");
        SessionAlertProvisioner alerts = new(account.Context, account.Time);

        Assert.Equal("AlertNameTaken", (await FailAsync(() => alerts.PlanAsync(s_all, TestTimeout.Token))).ErrorId);
        Assert.Equal("AlertTopicTaken", (await FailAsync(() => alerts.PlanAsync(s_all with { Name = "other" }, TestTimeout.Token))).ErrorId);
        Assert.Equal("AlertNotManaged", (await FailAsync(() => alerts.PlanRemovalAsync("sessions", false, TestTimeout.Token))).ErrorId);
        Assert.Empty(await alerts.ListAsync(null, TestTimeout.Token));
        Assert.Equal("""{"source":["aws.ec2"]}""", account.World.Rules["sessions"].Pattern);

        await (await alerts.PlanRemovalAsync("sessions", true, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Empty(account.World.Rules);
    }

    [Fact]
    public async Task What_is_wrong_is_said_before_anything_is_made()
    {
        await using ProvisioningAccount account = new();
        SessionAlertProvisioner alerts = new(account.Context, account.Time);
        string topic = $"arn:aws:sns:{account.World.Region}:{account.World.AccountId}:none";

        Assert.Equal("NodesNotNamed", (await FailAsync(() => alerts.PlanAsync(new() { Name = "x" }, TestTimeout.Token))).ErrorId);
        Assert.Equal("AlertNameInvalid", (await FailAsync(() => alerts.PlanAsync(s_all with { Name = "a b" }, TestTimeout.Token))).ErrorId);
        Assert.Equal("NodeIdInvalid", (await FailAsync(() => alerts.PlanAsync(new() { Name = "x", InstanceIds = ["web"] }, TestTimeout.Token))).ErrorId);
        Assert.Equal("TopicArnInvalid", (await FailAsync(() => alerts.PlanAsync(s_all with { TopicArn = "alerts" }, TestTimeout.Token))).ErrorId);
        Assert.Equal("SubscriberInvalid", (await FailAsync(() => alerts.PlanAsync(s_all with { Subscribers = ["nobody"] }, TestTimeout.Token))).ErrorId);
        Assert.Equal("AlertTopicNotFound", (await FailAsync(() => alerts.PlanAsync(s_all with { TopicArn = topic }, TestTimeout.Token))).ErrorId);
        Assert.Equal("AlertMatchesNoNode", (await FailAsync(() => alerts.PlanAsync(new() { Name = "x", NodeTags = Tags("Team", "no") }, TestTimeout.Token))).ErrorId);
        Assert.Empty(account.Mutations);
    }

    [Fact]
    public async Task Without_a_trail_it_is_said_that_nobody_will_hear()
    {
        await using ProvisioningAccount account = new();
        account.World.Trail.HasTrail = false;

        Plan<SessionAlert> plan = await new SessionAlertProvisioner(account.Context, account.Time).PlanAsync(s_all, TestTimeout.Token);

        Assert.Contains("No trail of CloudTrail", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events:ListRules")]
    [InlineData("events:PutRule")]
    [InlineData("events:PutTargets")]
    [InlineData("sns:GetTopicAttributes")]
    [InlineData("sns:CreateTopic")]
    [InlineData("sns:SetTopicAttributes")]
    [InlineData("sns:Subscribe")]
    public async Task A_right_that_is_missing_at_any_step_is_named(string action)
    {
        await using ProvisioningAccount account = new();
        RoleRecord role = RoleProvisionerTests.AddRole(account, "caller", TrustPolicy.ForEc2("aws"));
        role.Inline["most"] = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"{{action}}","Resource":"*"}]}""";
        Credential key = account.Credentials.IssueRole(role, "me", TimeSpan.FromHours(1));
        using AwsContext context = account.Connect(key.AccessKeyId, key.SecretAccessKey, key.SessionToken);

        EngineException error = await FailAsync(async () => await (await new SessionAlertProvisioner(context, account.Time)
            .PlanAsync(s_all with { Subscribers = ["ops@example.com"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token));

        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains(action, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_throughout_is_survived()
    {
        await using ProvisioningAccount account = new();
        account.Before = (number, operation) => number % 2 == 1 ? Throttled(operation) : null;
        using AwsContext context = AwsContext.Create(new AwsOptions
        {
            Region = account.World.Region,
            AccessKey = account.Key.AccessKeyId,
            SecretKey = account.Key.SecretAccessKey,
            EndpointUrl = account.Endpoint,
            MaxBackoff = TimeSpan.FromMilliseconds(1),
        });
        SessionAlertProvisioner alerts = new(context, account.Time);

        await (await alerts.PlanAsync(s_all with { Subscribers = ["ops@example.com"] }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Single(account.World.Rules);
        await (await alerts.PlanRemovalAsync("sessions", false, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Assert.Empty(account.World.Rules);
        Assert.Empty(account.World.Topics);
    }

    private static HttpResponse Throttled(string operation) => operation.Contains("Topic", StringComparison.Ordinal)
        || operation.Contains("Subscri", StringComparison.Ordinal) || operation == "GetCallerIdentity"
        ? new(400, Encoding.UTF8.GetBytes("<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error><RequestId>1</RequestId></ErrorResponse>"), "text/xml")
        : operation == "ListTagsForResource"
            ? new(503, [], "text/plain")
            : new(400, Encoding.UTF8.GetBytes("""{"__type":"ThrottlingException","message":"Rate exceeded"}"""), "application/x-amz-json-1.1");

    private static async Task<EngineException> FailAsync(Func<Task> act) => await Assert.ThrowsAsync<EngineException>(act);

    private static Dictionary<string, IReadOnlyList<string>> Tags(string key, params string[] values) => new() { [key] = values };

    private static void AddNodes(ProvisioningAccount account, int count)
    {
        for (int i = 0; i < count; i++)
        {
            WorldFleet.Add(account.World, account.World.Seed.Isolated[0], "web").Tags["Team"] = "web";
        }
    }

    internal static TopicRecord AddTopic(ProvisioningAccount account, string name)
    {
        string arn = $"arn:aws:sns:{account.World.Region}:{account.World.AccountId}:{name}";
        TopicRecord topic = new()
        {
            Name = name,
            Arn = arn,
            Policy = """{"Version":"2012-10-17","Statement":{"Sid":"Keep","Effect":"Allow","Principal":{"AWS":"*"},"Action":"sns:Publish","Resource":"*"}}""",
        };
        account.World.Topics.Add(arn, topic);
        return topic;
    }
}
