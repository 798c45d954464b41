using System.Text.Json.Nodes;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Repair;
using Xunit;

namespace SsmTools.Tests.Repair;

public sealed class TrustAdditionTests
{
    private const string Lambda =
        """{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}""";

    [Theory]
    [InlineData($$"""{"Version":"2012-10-17","Statement":{{Lambda}}}""", 2)]
    [InlineData($$"""{"Version":"2012-10-17","Statement":[{{Lambda}}]}""", 2)]
    [InlineData("""{"Version":"2012-10-17","Statement":[]}""", 1)]
    [InlineData("%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D", 1)]
    public void Ec2_is_added_and_all_that_was_there_stays(string document, int statements)
    {
        string? added = TrustAddition.Add(document, "ec2.amazonaws.com");

        Assert.True(TrustPolicy.TrustsEc2(added));
        JsonArray all = JsonNode.Parse(added!)!["Statement"]!.AsArray();
        Assert.Equal(statements, all.Count);
        Assert.True(statements == 1 || JsonNode.DeepEquals(JsonNode.Parse(Lambda), all[0]));
    }

    [Fact]
    public void In_china_ec2_has_a_name_of_its_own()
    {
        string? added = TrustAddition.Add("""{"Version":"2012-10-17","Statement":[]}""", TrustPolicy.Ec2("aws-cn"));

        Assert.Equal("ec2.amazonaws.com.cn", TrustPolicy.Principals(added));
    }

    [Theory]
    [InlineData("""{"Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:*"}}""")]
    [InlineData("no policy")]
    [InlineData("")]
    [InlineData(null)]
    public void Where_a_denial_stands_or_nothing_can_be_read_nothing_is_written(string? document)
    {
        Assert.Null(TrustAddition.Add(document, "ec2.amazonaws.com"));
    }

    [Theory]
    [InlineData("""{"Statement":{"Effect":"Deny","Action":"ssm:*","Resource":"*"}}""", true)]
    [InlineData("""{"Statement":[{"Effect":"Deny","NotAction":"s3:*","Resource":"*"}]}""", true)]
    [InlineData("""{"Statement":[{"Effect":"Deny","NotAction":["ssm:*"],"Resource":"*"}]}""", false)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}""", false)]
    public void A_denial_of_an_action_is_seen(string document, bool denies)
    {
        Assert.Equal(denies, PolicyEdit.Denies(document, ["ssm:UpdateInstanceInformation"]));
    }
}
