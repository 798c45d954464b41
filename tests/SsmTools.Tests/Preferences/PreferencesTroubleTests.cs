using SsmTools.Engine.Auditing;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Preferences;
using SsmTools.Tests.Support;
using Xunit;

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
}
