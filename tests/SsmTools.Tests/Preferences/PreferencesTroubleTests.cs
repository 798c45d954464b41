using SsmTools.Engine;
using SsmTools.Engine.Auditing;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Preferences;
using SsmTools.Engine.Provisioning;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;
using SessionPreferences = SsmTools.Engine.Preferences.SessionPreferences;

namespace SsmTools.Tests.Preferences;

/// <summary>Preferences, and what is logged by them, where calls are too many.</summary>
public sealed class PreferencesTroubleTests
{
    [Fact]
    public async Task Throttling_throughout_is_survived()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        using AwsContext context = LimitedCaller.Throttled(sandbox.Host);
        SessionPreferenceRequest request = new() { LogGroup = "/sandbox/sessions", IdleTimeoutMinutes = 15 };

        await (await new SessionPreferences(context).PlanAsync(request, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);
        Assert.Empty((await new SessionPreferences(context).PlanAsync(request, TestTimeout.Token)).Changes);
        await foreach (SessionLogEntry entry in new SessionLog(context).ReadAsync(new SessionLogQuery(), TestTimeout.Token))
        {
            Assert.Fail($"There was no session, and {entry.SessionId} is listed.");
        }

        Assert.Contains(sandbox.Host.Faults.Current, fault => fault.Hits > 2);
    }

    [Fact]
    public async Task Of_two_changes_that_were_compared_with_the_same_version_the_second_is_refused()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        SessionPreferences preferences = new(sandbox.Aws);
        Plan<SessionPreferenceDescription> first = await preferences.PlanAsync(new() { IdleTimeoutMinutes = 10 }, TestTimeout.Token);
        Plan<SessionPreferenceDescription> second = await preferences.PlanAsync(new() { MaxDurationMinutes = 60 }, TestTimeout.Token);

        await first.ApplyAsync(TestTimeout.Token);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => second.ApplyAsync(TestTimeout.Token));
        SessionPreferenceDescription now = await first.ApplyAsync(TestTimeout.Token);

        Assert.Equal(("PreferencesChanged", ErrorKind.ResourceBusy), (e.ErrorId, e.Kind));
        Assert.Equal((10, 0, "2"), (now.IdleTimeoutMinutes, now.MaxDurationMinutes, now.Version));
    }

    [Fact]
    public async Task Of_two_documents_that_are_made_at_once_the_second_is_refused()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        sandbox.Host.World.Documents.Remove(SessionDocumentCatalog.Preferences);
        SessionPreferences preferences = new(sandbox.Aws);
        Plan<SessionPreferenceDescription> first = await preferences.PlanAsync(new() { IdleTimeoutMinutes = 10 }, TestTimeout.Token);
        Plan<SessionPreferenceDescription> second = await preferences.PlanAsync(new() { MaxDurationMinutes = 60 }, TestTimeout.Token);

        await first.ApplyAsync(TestTimeout.Token);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => second.ApplyAsync(TestTimeout.Token));
        SessionPreferenceDescription now = await first.ApplyAsync(TestTimeout.Token);

        Assert.Equal("PreferencesChanged", e.ErrorId);
        Assert.Equal((10, 0, "1"), (now.IdleTimeoutMinutes, now.MaxDurationMinutes, now.Version));
    }

    [Fact]
    public async Task A_place_that_went_away_is_told_and_does_not_stand_in_the_way_of_another_change()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        SessionPreferences preferences = new(sandbox.Aws);
        await (await preferences.PlanAsync(new() { LogBucket = "gone", Force = true }, TestTimeout.Token)).ApplyAsync(TestTimeout.Token);

        Plan<SessionPreferenceDescription> plan = await preferences.PlanAsync(new() { IdleTimeoutMinutes = 9 }, TestTimeout.Token);

        Assert.Contains("There is no bucket gone", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Single(plan.Changes);
        EngineException e = await Assert.ThrowsAsync<EngineException>(
            () => preferences.PlanAsync(new() { RequireBucketEncryption = true }, TestTimeout.Token));
        Assert.Equal("BucketNotFound", e.ErrorId);
    }

    [Fact]
    public async Task A_log_group_of_another_region_is_refused()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => new SessionPreferences(sandbox.Aws).PlanAsync(
            new() { LogGroup = "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/sandbox/sessions" }, TestTimeout.Token));

        Assert.Equal("LogGroupInvalid", e.ErrorId);
        Assert.Contains("cn-north-1", e.Message, StringComparison.Ordinal);
        Assert.Contains(sandbox.Host.Facts.Region, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_nobody_without_the_tag_gets_in_is_told_where_run_as_names_no_user()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        SessionPreferences preferences = new(sandbox.Aws);

        Plan<SessionPreferenceDescription> locking = await preferences.PlanAsync(new() { RunAs = true }, TestTimeout.Token);
        Plan<SessionPreferenceDescription> named = await preferences.PlanAsync(new() { RunAs = true, RunAsUser = "ops" }, TestTimeout.Token);

        Assert.Contains("SSMSessionRunAs", Assert.Single(locking.Warnings), StringComparison.Ordinal);
        Assert.Empty(named.Warnings);
    }

    [Fact]
    public async Task The_line_that_mends_a_role_can_be_run_whatever_the_prefix_is()
    {
        await using TestSandbox sandbox = await TestSandbox.StartAsync();
        await sandbox.LaunchOnlineAsync("web");

        Plan<SessionPreferenceDescription> plan = await new SessionPreferences(sandbox.Aws).PlanAsync(
            new() { LogBucket = "none/our team's logs", Force = true }, TestTimeout.Token);

        Assert.Contains(plan.Warnings, one => one.EndsWith("New-SsmInstanceRole web -LogBucket 'none/our team''s logs'", StringComparison.Ordinal));
    }
}
