using SsmTools.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace SsmTools.Tests.Provisioning;

/// <summary>A part of what the benchmark <c>converge 500</c> runs.</summary>
public sealed class ScheduledConvergenceTests(ITestOutputHelper output)
{
    private const int Schedules = 80;

    [Fact]
    public async Task Whatever_goes_wrong_the_same_is_there_in_the_end_and_nothing_after_removal()
    {
        ScheduledConvergence figures = await ScheduledConvergence.RunAsync(0, Schedules, TestTimeout.Seconds(240));

        output.WriteLine(figures.ToString());
        Assert.True(figures.Faults > Schedules);
        Assert.True(figures.Deaths > Schedules / 2);
    }
}
