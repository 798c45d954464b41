using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Registration;
using Xunit;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Tests.Registration;

public sealed class RegistrationReasonTests
{
    private const string Id = "i-0123456789abcdef0";
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("running", true, 20, "not seen by Systems Manager yet; launched 20 s ago")]
    [InlineData("running", false, 20, "no instance profile attached; launched 20 s ago")]
    [InlineData("pending", true, 3, "instance is starting; launched 3 s ago")]
    [InlineData("stopped", true, 3600, "instance is stopped")]
    [InlineData("stopping", true, 3600, "instance is stopping")]
    [InlineData("terminated", false, 3600, "instance is terminated")]
    [InlineData("shutting-down", true, 3600, "instance is being terminated")]
    public void Each_state_has_its_words(string state, bool profile, int age, string reason)
    {
        Assert.Equal(reason, RegistrationReason.Missing(Id, Make(state, profile, age), false, "eu-west-1", s_now));
    }

    [Fact]
    public void After_five_minutes_it_says_where_to_look()
    {
        string reason = RegistrationReason.Missing(Id, Make("running", true, 720), false, "eu-west-1", s_now);

        Assert.StartsWith("not seen by Systems Manager though launched 12 min ago", reason, StringComparison.Ordinal);
        Assert.Contains("reboot", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Id, false, "no such instance in eu-west-1")]
    [InlineData(Id, true, "not seen by Systems Manager; whether the instance exists is not known: ec2:DescribeInstances is denied")]
    [InlineData("mi-0123456789abcdef0", false, "no such node in eu-west-1")]
    [InlineData("web", false, "'web' is not the id of a node (i-… or mi-…)")]
    [InlineData("i-XYZ", false, "'i-XYZ' is not the id of a node (i-… or mi-…)")]
    public void What_is_not_there_is_told_from_what_cannot_be_seen(string id, bool denied, string reason)
    {
        Assert.Equal(reason, RegistrationReason.Missing(id, null, denied, "eu-west-1", s_now));
    }

    [Fact]
    public void A_silent_agent_is_told_with_the_instances_state()
    {
        InstanceInformation information = new() { InstanceId = Id, LastPingDateTime = s_now.UtcDateTime.AddMinutes(-10) };

        Assert.Equal(
            "instance is stopped; the agent was last heard of 10 min ago",
            RegistrationReason.Silent(information, Make("stopped", true, 900), s_now));
        Assert.Equal(
            "the agent was last heard of 10 min ago",
            RegistrationReason.Silent(information, Make("running", true, 900), s_now));
    }

    [Fact]
    public void Metadata_switched_off_is_said()
    {
        Instance instance = Make("running", true, 60);
        instance.MetadataOptions = new InstanceMetadataOptionsResponse { HttpEndpoint = "disabled" };

        Assert.StartsWith(
            "instance metadata is switched off",
            RegistrationReason.Missing(Id, instance, false, "eu-west-1", s_now),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(7199, "119 min")]
    [InlineData(7200, "2 h")]
    [InlineData(172_800, "2 d")]
    public void Spans_read_as_people_say_them(int seconds, string words)
    {
        Assert.Equal(words, RegistrationReason.Span(TimeSpan.FromSeconds(seconds)));
    }

    private static Instance Make(string state, bool profile, int age) => new()
    {
        InstanceId = Id,
        State = new InstanceState { Name = state },
        LaunchTime = s_now.UtcDateTime.AddSeconds(-age),
        IamInstanceProfile = profile ? new IamInstanceProfile { Arn = "arn:aws:iam::1:instance-profile/web" } : null,
    };
}
