using System.Text.RegularExpressions;
using SsmTools.Sandbox.Tour;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Tour;

public sealed class TourProgramTests
{
    [UnixFact]
    public async Task The_whole_journey_holds_and_every_step_is_shown_with_its_time()
    {
        using StringWriter output = new();

        // Seven seconds on an idle machine; here it runs beside all the other tests.
        int code = await TourProgram.RunAsync([], output, TestTimeout.Seconds(120), TimeSpan.FromMinutes(2));

        string text = output.ToString();
        Assert.True(code == 0, text);
        Assert.Equal(7, Regex.Count(text, @"(?m)^ \d  \S"));
        Assert.Equal(7, Regex.Count(text, @"(?m)^    \S.*  \d+\.\d\d s\r?$"));
        Assert.Matches(@"\| \s*""InstanceProfileArn""", text);
        Assert.Contains("the instance has the profile it was given", text, StringComparison.Ordinal);
        Assert.Contains("nothing is left", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public async Task A_tour_that_is_stopped_says_at_which_step_and_ends_with_1()
    {
        using StringWriter output = new();

        int code = await TourProgram.RunAsync([], output, new CancellationToken(true));

        Assert.Equal(1, code);
        Assert.Contains("Failed in step 1, Start a sandbox", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Stopped.", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("--fast", 2)]
    public async Task Arguments_are_answered_with_the_usage(string argument, int expected)
    {
        using StringWriter output = new();

        Assert.Equal(expected, await TourProgram.RunAsync([argument], output, TestTimeout.Token));
        Assert.Contains("usage: tour", output.ToString(), StringComparison.Ordinal);
    }
}
