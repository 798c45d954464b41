using System.Text.Json.Nodes;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Preferences;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;
using SessionPreferences = SsmTools.Engine.Preferences.SessionPreferences;

namespace SsmTools.Tests.Preferences;

public sealed class SessionPreferencesTests
{
    private const string Document = SessionDocumentCatalog.Preferences;

    [Fact]
    public async Task A_change_goes_into_what_is_there_and_a_second_run_finds_nothing_to_do()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        MakePlaces(sandbox);
        SessionPreferences preferences = new(sandbox.Aws);
        SessionPreferenceRequest request = new()
        {
            LogBucket = "logs/sessions",
            LogGroup = "/ssm/sessions",
            RequireGroupEncryption = false,
            LogStreaming = true,
            IdleTimeoutMinutes = 10,
            MaxDurationMinutes = 60,
            LinuxProfile = "cd /\nset -o vi",
        };

        Plan<SessionPreferenceDescription> plan = await preferences.PlanAsync(request, TestTimeout.Token);
        string action = Assert.Single(plan.Changes).Action;
        Assert.Contains("log bucket: none -> logs; prefix in the bucket: none -> sessions; log group: none -> /ssm/sessions", action, StringComparison.Ordinal);
        Assert.Contains("idle minutes: 20 -> 10; most minutes: none -> 60", action, StringComparison.Ordinal);
        Assert.Equal(1, sandbox.Host.World.Documents[Document].Latest.Number);
        SessionPreferenceDescription after = await plan.ApplyAsync(TestTimeout.Token);

        Assert.Equal(("2", "logs/sessions", "/ssm/sessions", true, 10, 60), (after.Version, after.LogBucket, after.LogGroup, after.LogStreaming, after.IdleTimeoutMinutes, after.MaxDurationMinutes));
        Assert.Equal(2, sandbox.Host.World.Documents[Document].DefaultVersion);
        Assert.Empty((await preferences.PlanAsync(request, TestTimeout.Token)).Changes);
        Assert.Empty((await preferences.PlanAsync(new SessionPreferenceRequest(), TestTimeout.Token)).Changes);
    }

    [Fact]
    public async Task What_was_there_before_can_come_back_although_no_document_takes_a_text_twice()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        SessionPreferences preferences = new(sandbox.Aws);
        foreach (int minutes in new[] { 10, 20, 10, 20 })
        {
            SessionPreferenceDescription now = await ApplyAsync(preferences, new SessionPreferenceRequest { IdleTimeoutMinutes = minutes });
            Assert.Equal(minutes, now.IdleTimeoutMinutes);
            sandbox.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        DocumentRecord document = sandbox.Host.World.Documents[Document];
        Assert.Equal(document.Latest.Number, document.DefaultVersion);
    }

    [Fact]
    public async Task Without_a_document_one_is_made_and_carries_the_tag()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        sandbox.Host.World.Documents.Remove(Document);
        SessionPreferences preferences = new(sandbox.Aws);
        Assert.Null((await preferences.ReadAsync(TestTimeout.Token)).Version);
        Assert.Empty((await preferences.PlanAsync(new SessionPreferenceRequest { IdleTimeoutMinutes = 20 }, TestTimeout.Token)).Changes);

        SessionPreferenceDescription made = await ApplyAsync(preferences, new SessionPreferenceRequest { RunAs = true, RunAsUser = "ops" });
        Assert.Equal(("1", true, "ops", 20), (made.Version, made.RunAs, made.RunAsUser, made.IdleTimeoutMinutes));
        Assert.True(sandbox.Host.World.Documents[Document].Tags.ContainsKey(SsmToolsTag.Key));
    }

    [Fact]
    public async Task A_run_that_was_stopped_before_the_version_became_the_default_one_is_finished_by_the_next()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        SessionPreferences preferences = new(sandbox.Aws);
        await ApplyAsync(preferences, new SessionPreferenceRequest { IdleTimeoutMinutes = 10 });
        sandbox.Host.World.Documents[Document].DefaultVersion = 1;
        Plan<SessionPreferenceDescription> plan = await preferences.PlanAsync(
            new SessionPreferenceRequest { IdleTimeoutMinutes = 10 }, TestTimeout.Token);
        Assert.Equal("Make version 2 the default one instead of 1", Assert.Single(plan.Changes).Action);
        await plan.ApplyAsync(TestTimeout.Token);
        Assert.Equal(2, sandbox.Host.World.Documents[Document].DefaultVersion);
    }

    [Fact]
    public async Task A_document_that_was_broken_by_hand_is_kept_until_its_repair_is_asked_for()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        const string Broken = """{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"idleSessionTimeout":"soon","runAsEnabled":true,"mine":1}}""";
        Store(sandbox, Broken);
        SessionPreferences preferences = new(sandbox.Aws);
        SessionPreferenceDescription shown = await preferences.ReadAsync(TestTimeout.Token);
        Assert.Equal((Broken, 20, true), (shown.Content, shown.IdleTimeoutMinutes, shown.RunAs));
        Assert.Contains("idleSessionTimeout is 'soon'", Assert.Single(shown.Problems), StringComparison.Ordinal);

        EngineException e = await Assert.ThrowsAsync<EngineException>(
            () => preferences.PlanAsync(new SessionPreferenceRequest { MaxDurationMinutes = 60 }, TestTimeout.Token));
        Assert.Equal(("PreferencesBroken", ErrorKind.InvalidOperation), (e.ErrorId, e.Kind));
        Assert.Contains("-Force", e.Recommendation, StringComparison.Ordinal);

        // Setting just what is broken needs no leave: nothing is lost that the caller did not name.
        Assert.Single((await preferences.PlanAsync(new SessionPreferenceRequest { IdleTimeoutMinutes = 9 }, TestTimeout.Token)).Changes);

        Plan<SessionPreferenceDescription> plan = await preferences.PlanAsync(new SessionPreferenceRequest { Force = true }, TestTimeout.Token);
        Assert.Contains("'soon'", plan.Warnings[0], StringComparison.Ordinal);
        SessionPreferenceDescription mended = await plan.ApplyAsync(TestTimeout.Token);
        Assert.Empty(mended.Problems);
        Assert.Equal((20, true), (mended.IdleTimeoutMinutes, mended.RunAs));
        Assert.Equal(["inputs.mine"], mended.OtherSettings);
    }

    [Fact]
    public async Task Even_what_is_no_json_is_shown_and_repaired()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        Store(sandbox, "schemaVersion: '1.0'\ninputs: {");
        SessionPreferences preferences = new(sandbox.Aws);
        SessionPreferenceDescription shown = await preferences.ReadAsync(TestTimeout.Token);
        Assert.StartsWith("schemaVersion: '1.0'", shown.Content, StringComparison.Ordinal);
        Assert.Single(shown.Problems);
        Assert.Empty((await ApplyAsync(preferences, new SessionPreferenceRequest { Force = true })).Problems);
    }

    [Theory]
    [InlineData("none", null, null, "BucketNotFound")]
    [InlineData("plain", null, null, "BucketNotEncrypted")]
    [InlineData(null, "/none", null, "LogGroupNotFound")]
    [InlineData(null, "/ssm/sessions", null, "LogGroupNotEncrypted")]
    [InlineData(null, null, "alias/none", "KmsKeyNotFound")]
    public async Task Places_that_would_not_do_are_refused_and_taken_only_when_forced(string? bucket, string? group, string? key, string id)
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        MakePlaces(sandbox);
        SessionPreferences preferences = new(sandbox.Aws);
        SessionPreferenceRequest request = new() { LogBucket = bucket, LogGroup = group, KmsKeyId = key };
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => preferences.PlanAsync(request, TestTimeout.Token));
        Assert.Equal(id, e.ErrorId);
        Assert.NotNull(e.Recommendation);
        Plan<SessionPreferenceDescription> plan = await preferences.PlanAsync(request with { Force = true }, TestTimeout.Token);
        Assert.Contains(e.Message, plan.Warnings);
        Assert.Single(plan.Changes);
    }

    [Fact]
    public async Task What_is_not_asked_to_be_encrypted_need_not_be_but_is_told()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        MakePlaces(sandbox);
        Plan<SessionPreferenceDescription> plan = await new SessionPreferences(sandbox.Aws).PlanAsync(
            new SessionPreferenceRequest { LogBucket = "plain", RequireBucketEncryption = false }, TestTimeout.Token);
        Assert.Contains("does not encrypt", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_in_another_region_is_told()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        sandbox.Host.World.Buckets.Add(
            "far-logs", new BucketRecord { Name = "far-logs", Region = "us-west-2", Created = sandbox.Host.World.Now });
        Plan<SessionPreferenceDescription> plan = await new SessionPreferences(sandbox.Aws).PlanAsync(
            new SessionPreferenceRequest { LogBucket = "far-logs" }, TestTimeout.Token);
        Assert.Contains("us-west-2", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_that_may_not_write_and_subnets_without_a_way_are_told_with_the_line_that_mends_it()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        MakePlaces(sandbox);
        InstanceRecord node = await sandbox.LaunchOnlineAsync("web");
        SessionPreferences preferences = new(sandbox.Aws);
        SessionPreferenceRequest request = new()
        {
            LogBucket = "logs/sessions",
            LogGroup = "/ssm/sessions",
            RequireGroupEncryption = false,
            KmsKeyId = "alias/sandbox",
        };
        Plan<SessionPreferenceDescription> plan = await preferences.PlanAsync(request, TestTimeout.Token);
        string role = Assert.Single(plan.Warnings, one => one.StartsWith("The role web may not", StringComparison.Ordinal));
        Assert.Contains("s3:PutObject", role, StringComparison.Ordinal);
        Assert.Contains("logs:PutLogEvents", role, StringComparison.Ordinal);
        Assert.Contains("New-SsmInstanceRole web -LogBucket logs/sessions -LogGroup /ssm/sessions -KmsKeyId alias/sandbox", role, StringComparison.Ordinal);
        string way = Assert.Single(plan.Warnings, one => one.Contains("New-SsmVpcEndpoint", StringComparison.Ordinal));
        Assert.Contains($"-SubnetId {node.Subnet.Id} -Service kms, logs, s3", way, StringComparison.Ordinal);

        await (await new RoleProvisioner(sandbox.Aws).PlanAsync(
            new RoleRequest { Name = "web", LogBucket = "logs/sessions", LogGroup = "/ssm/sessions", KmsKeyId = "alias/sandbox" },
            TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        plan = await preferences.PlanAsync(request, TestTimeout.Token);
        Assert.DoesNotContain(plan.Warnings, one => one.StartsWith("The role", StringComparison.Ordinal));

        // The rights are for one prefix: another one is not covered.
        plan = await preferences.PlanAsync(request with { LogBucket = "logs/other" }, TestTimeout.Token);
        Assert.Contains(plan.Warnings, one => one.StartsWith("The role web may not s3:PutObject", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rights_that_the_caller_lacks_are_named_at_each_step()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        MakePlaces(sandbox);
        await sandbox.CreateProfileAsync("weak");
        RoleRecord role = sandbox.Host.World.Roles["weak"];
        Credential few = sandbox.Host.Credentials.IssueRole(role, "one", TimeSpan.FromHours(1));
        using AwsContext weak = AwsContext.Create(new AwsOptions
        {
            EndpointUrl = sandbox.Host.Facts.Endpoint,
            Region = sandbox.Host.Facts.Region,
            AccessKey = few.AccessKeyId,
            SecretKey = few.SecretAccessKey,
            SessionToken = few.SessionToken,
        });
        role.Attached.Clear();
        SessionPreferences preferences = new(weak);
        SessionPreferenceRequest request = new()
        {
            LogBucket = "logs",
            LogGroup = "/ssm/sessions",
            KmsKeyId = "alias/sandbox",
        };
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => preferences.ReadAsync(TestTimeout.Token));
        Assert.Equal("AccessDenied", e.ErrorId);
        Assert.Contains("ssm:GetDocument", e.Message, StringComparison.Ordinal);

        Allow(role, "ssm:GetDocument");
        Plan<SessionPreferenceDescription> plan = await preferences.PlanAsync(request, TestTimeout.Token);
        foreach (string action in new[] { "s3:ListBucket", "logs:DescribeLogGroups", "kms:DescribeKey", "ssm:DescribeInstanceInformation" })
        {
            Assert.Contains(plan.Warnings, one => one.Contains(action, StringComparison.Ordinal));
        }

        e = await Assert.ThrowsAsync<EngineException>(() => plan.ApplyAsync(TestTimeout.Token));
        Assert.Contains("ssm:UpdateDocument", e.Message, StringComparison.Ordinal);
        Allow(role, "ssm:GetDocument", "ssm:UpdateDocument");
        e = await Assert.ThrowsAsync<EngineException>(() => plan.ApplyAsync(TestTimeout.Token));
        Assert.Contains("ssm:UpdateDocumentDefaultVersion", e.Message, StringComparison.Ordinal);
    }

    private static void Allow(RoleRecord role, params string[] actions) => role.Inline["rights"] = new JsonObject
    {
        ["Statement"] = new JsonArray(new JsonObject
        {
            ["Effect"] = "Allow",
            ["Action"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]),
            ["Resource"] = "*",
        }),
    }.ToJsonString();

    private static async Task<SessionPreferenceDescription> ApplyAsync(SessionPreferences preferences, SessionPreferenceRequest request) =>
        await (await preferences.PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

    private static void Store(TestSandbox sandbox, string text)
    {
        DocumentRecord document = sandbox.Host.World.Documents[Document];
        document.DefaultVersion = document.Add(text, [], null, sandbox.Host.World.Now).Number;
    }

    private static void MakePlaces(TestSandbox sandbox)
    {
        SandboxWorld world = sandbox.Host.World;
        foreach (string name in new[] { "logs", "plain" })
        {
            world.Buckets.Add(name, new BucketRecord { Name = name, Region = world.Region, Created = world.Now });
        }

        world.Buckets["plain"].Encryption = null;
        world.LogGroups.Add("/ssm/sessions", new LogGroupRecord
        {
            Name = "/ssm/sessions",
            Arn = $"arn:aws:logs:{world.Region}:{world.AccountId}:log-group:/ssm/sessions",
            Created = world.Now,
        });
    }
}
