using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Survey;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class AgentRightsTests
{
    private const string Channels = "\"ssmmessages:Create*\",\"ssmmessages:Open*Channel\"";

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":["SSM:UpdateInstanceInformation",""" + Channels + """],"Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"ssm:*","Resource":"arn:aws:ec2:*:*:instance/*"},{"Effect":"Allow","Action":[""" + Channels + """],"Resource":"arn:aws:ssmmessages:*:*:*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"ssm*:*","Resource":"*"},{"Effect":"Deny","Action":"ssm:*","Resource":"arn:aws:ssm:*:*:parameter/secret"}""")]
    [InlineData("""{"Effect":"Allow","Action":"ssm*:*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}""")]
    public void An_agent_can_register_with(string statements)
    {
        Assert.Empty(AgentRights.Missing([Policy(statements)]));
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"ssm:*","Resource":"*"}""", 4)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::bucket/*"}""", 5)]
    [InlineData("""{"Effect":"Allow","Action":"*","NotResource":"*"}""", 5)]
    [InlineData("""{"Effect":"Allow","NotAction":"ssmmessages:*","Resource":"*"}""", 4)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ssmmessages:OpenDataChannel","Resource":"*"}""", 1)]
    public void An_agent_lacks_something_with(string statements, int missing)
    {
        Assert.Equal(missing, AgentRights.Missing([Policy(statements)]).Count);
    }

    [Fact]
    public void Several_policies_add_up_and_none_gives_nothing()
    {
        Assert.Empty(AgentRights.Missing(
        [
            Policy("""{"Effect":"Allow","Action":"ssm:*","Resource":"*"}"""),
            Policy("""{"Effect":"Allow","Action":"ssmmessages:*","Resource":"*"}"""),
            "no policy",
        ]));
        Assert.Equal(AgentActions.All, AgentRights.Missing([]));
    }

    private static string Policy(string statements) => $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""";
}
