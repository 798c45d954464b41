using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.World;

public sealed class PolicyDocumentTests
{
    [Theory]
    [InlineData("""{"StringEquals":{"aws:ResourceTag/Team":"web"}}""", true)]
    [InlineData("""{"StringEquals":{"aws:ResourceTag/Team":["db","web"]}}""", true)]
    [InlineData("""{"StringEquals":{"aws:ResourceTag/Team":"w*"}}""", false)]
    [InlineData("""{"StringLike":{"aws:ResourceTag/Team":"w*"}}""", true)]
    [InlineData("""{"StringEqualsIgnoreCase":{"aws:ResourceTag/Team":"WEB"}}""", true)]
    [InlineData("""{"StringNotEquals":{"aws:ResourceTag/Team":"db"}}""", true)]
    [InlineData("""{"StringNotEquals":{"aws:ResourceTag/Team":["db","web"]}}""", false)]
    [InlineData("""{"StringNotLike":{"aws:ResourceTag/Missing":"w*"}}""", true)]
    [InlineData("""{"StringEquals":{"aws:ResourceTag/Missing":"web"}}""", false)]
    [InlineData("""{"StringEqualsIfExists":{"aws:ResourceTag/Missing":"web"}}""", true)]
    [InlineData("""{"BoolIfExists":{"aws:SecureTransport":true}}""", true)]
    [InlineData("""{"Bool":{"aws:MultiFactorAuthPresent":"true"}}""", true)]
    [InlineData("""{"Bool":{"aws:MultiFactorAuthPresent":"false"}}""", false)]
    [InlineData("""{"Null":{"aws:ResourceTag/Missing":"true"}}""", true)]
    [InlineData("""{"Null":{"aws:ResourceTag/Team":"true"}}""", false)]
    [InlineData("""{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}""", true)]
    [InlineData("""{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}""", false)]
    [InlineData("""{"NumericLessThan":{"aws:MultiFactorAuthAge":"300"}}""", true)]
    [InlineData("""{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}""", true)]
    [InlineData("""{"ForAnyValue:StringEquals":{"aws:TagKeys":["a","z"]}}""", true)]
    [InlineData("""{"ForAllValues:StringEquals":{"aws:TagKeys":["a","z"]}}""", false)]
    [InlineData("""{"StringEquals":{"aws:ResourceTag/Team":"web"},"Bool":{"aws:MultiFactorAuthPresent":"false"}}""", false)]
    [InlineData("""{"NobodyKnows":{"aws:ResourceTag/Team":"web"}}""", false)]
    public void Conditions_hold_as_those_of_iam_do(string condition, bool holds)
    {
        string document = $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ssm:*","Resource":"*","Condition":{{condition}} } }""";

        Assert.Equal(holds ? PolicyVerdict.Allowed : PolicyVerdict.ImplicitDeny, PolicyDocument.Decide([document], Question("arn:x")));
    }

    [Theory]
    [InlineData("arn:aws:ssm:*:*:session/${aws:username}-*", "arn:aws:ssm:a:b:session/ann-1", true)]
    [InlineData("arn:aws:ssm:*:*:session/${aws:username}-*", "arn:aws:ssm:a:b:session/bob-1", false)]
    [InlineData("arn:aws:ssm:*:*:session/${aws:nothing}-*", "arn:aws:ssm:a:b:session/-1", false)]
    [InlineData("arn:aws:ssm:*:*:session/${aws:nothing, 'eve'}-*", "arn:aws:ssm:a:b:session/eve-1", true)]
    [InlineData("arn:x:${*}", "arn:x:anything", false)]
    [InlineData("arn:x:${*}", "arn:x:*", true)]
    [InlineData("arn:x:${star}", "arn:x:anything", false)]
    [InlineData("arn:x:?", "arn:x:1", true)]
    public void Variables_stand_for_their_values_and_nothing_more(string pattern, string resource, bool covers)
    {
        string document = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:TerminateSession"],"Resource":["{{pattern}}"]}]}""";

        Assert.Equal(covers ? PolicyVerdict.Allowed : PolicyVerdict.ImplicitDeny, PolicyDocument.Decide([document], Question(resource)));
    }

    [Fact]
    public void A_deny_wins_and_covers_what_it_does_not_except()
    {
        const string allow = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
        const string deny = """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"ec2:*","NotResource":"arn:free"}]}""";

        Assert.Equal(PolicyVerdict.ExplicitDeny, PolicyDocument.Decide([allow, deny], Question("arn:x")));
        Assert.Equal(PolicyVerdict.Allowed, PolicyDocument.Decide([allow, deny], Question("arn:free")));
        Assert.Equal(PolicyVerdict.ImplicitDeny, PolicyDocument.Decide([], Question("arn:x")));
    }

    private static PolicyQuestion Question(string resource) => new PolicyQuestion("ssm:TerminateSession", resource)
        .WithTags([new("Team", "web")])
        .With("aws:username", "ann")
        .With("star", "*")
        .With("aws:SourceIp", "10.1.2.3")
        .With("aws:MultiFactorAuthPresent", "true")
        .With("aws:MultiFactorAuthAge", "60")
        .With("aws:CurrentTime", "2026-11-22T00:00:00Z")
        .With("aws:TagKeys", "a", "b");
}
