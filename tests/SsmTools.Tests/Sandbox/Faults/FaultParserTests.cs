using SsmTools.Engine;
using SsmTools.Sandbox.Faults;
using Xunit;

namespace SsmTools.Tests.Sandbox.Faults;

public sealed class FaultParserTests
{
    [Fact]
    public void A_name_alone_acts_on_everything()
    {
        Fault fault = FaultParser.Parse("drop");

        Assert.Equal(FaultKind.Drop, fault.Kind);
        Assert.True(fault.IsTotal);
        Assert.Null(fault.Direction);
        Assert.Null(fault.Scope);
        Assert.Null(fault.Limit);
    }

    [Theory]
    [InlineData("drop=1%", 0.01)]
    [InlineData("DROP:1%", 0.01)]
    [InlineData("corrupt=0.25%", 0.0025)]
    [InlineData("delay=200ms:5%", 0.05)]
    [InlineData("throttle=100%", 1)]
    [InlineData("duplicate=0%", 0)]
    public void Rates_are_read_wherever_they_stand(string text, double rate) =>
        Assert.Equal(rate, FaultParser.Parse(text).Rate, 9);

    [Theory]
    [InlineData("close@65536", 65536)]
    [InlineData("drop@0", 0)]
    [InlineData("corrupt@64KB", 65536)]
    [InlineData("close=1000@2mb", 2 * 1024 * 1024)]
    public void Places_are_bytes_of_the_stream(string text, long place)
    {
        Fault fault = FaultParser.Parse(text);

        Assert.Equal(place, fault.AtByte);
        Assert.False(fault.IsTotal);
    }

    [Theory]
    [InlineData("close@10s", 10_000)]
    [InlineData("half-open@250ms", 250)]
    [InlineData("close=1000@1.5m", 90_000)]
    public void Or_the_age_of_a_link(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), FaultParser.Parse(text).AtTime);

    [Fact]
    public void Every_part_has_its_meaning_in_any_order()
    {
        Fault expected = FaultParser.Parse("delay=20ms:5%:up:x3:i-0123@64KB");

        Fault other = FaultParser.Parse("delay@64KB:i-0123:x3:up=20ms:5%");

        Assert.Equal(expected, other with { Text = expected.Text });
        Assert.Equal(TimeSpan.FromMilliseconds(20), expected.Amount);
        Assert.Equal(FaultDirection.Up, expected.Direction);
        Assert.Equal(3, expected.Limit);
        Assert.Equal("i-0123", expected.Scope);
    }

    [Fact]
    public void Values_are_what_the_fault_takes()
    {
        Assert.Equal(1000, FaultParser.Parse("close=1000").Code);
        Assert.Null(FaultParser.Parse("close").Code);
        Assert.Equal(503, FaultParser.Parse("5xx=503:10%").Code);
        Assert.Equal(FaultSide.Agent, FaultParser.Parse("close:agent").Side);
        Assert.Equal("StartSession", FaultParser.Parse("throttle:StartSession").Scope);
        Assert.True(FaultParser.Parse("refused-resume=DoesNotExist").DoesNotExist);
        Assert.False(FaultParser.Parse("refused-resume=notoken").DoesNotExist);
        Assert.Equal(FaultDirection.Up, FaultParser.Parse("slow-agent=5ms").Direction);
    }

    [Theory]
    [InlineData("")]
    [InlineData("drip=1%")]
    [InlineData("drop=")]
    [InlineData("drop=1")]
    [InlineData("drop=101%")]
    [InlineData("drop=-1%")]
    [InlineData("drop=NaN%")]
    [InlineData("drop:client")]
    [InlineData("drop:x0")]
    [InlineData("drop@")]
    [InlineData("drop@-1")]
    [InlineData("drop@99999999999999GB")]
    [InlineData("close=999")]
    [InlineData("close=1006")]
    [InlineData("close@1e300s")]
    [InlineData("delay=200")]
    [InlineData("delay=ms")]
    [InlineData("slow-agent:down")]
    [InlineData("half-open=1000")]
    [InlineData("throttle@10s")]
    [InlineData("5xx=404")]
    [InlineData("refused-resume=Maybe")]
    [InlineData("close@@10s")]
    public void What_is_not_understood_is_refused_with_what_would_be(string text)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => FaultParser.Parse(text));

        Assert.Equal("FaultNotUnderstood", refusal.ErrorId);
        Assert.Equal(ErrorKind.InvalidArgument, refusal.Kind);
        Assert.Equal(text, refusal.Target);
        Assert.False(string.IsNullOrEmpty(refusal.Recommendation));
    }

    [Fact]
    public void A_name_that_is_none_is_answered_with_the_names()
    {
        EngineException refusal = Assert.Throws<EngineException>(() => FaultParser.Parse("drip=1%"));

        Assert.Contains("'drip'", refusal.Message, StringComparison.Ordinal);
        Assert.All(FaultCatalog.All, spec => Assert.Contains(spec.Name, refusal.Recommendation, StringComparison.Ordinal));
    }
}
