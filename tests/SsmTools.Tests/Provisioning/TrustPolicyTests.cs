using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class TrustPolicyTests
{
    private const string Lambda =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    [Theory]
    [InlineData("aws", "ec2.amazonaws.com")]
    [InlineData("aws-us-gov", "ec2.amazonaws.com")]
    [InlineData("aws-cn", "ec2.amazonaws.com.cn")]
    public void What_is_written_is_read_as_trust_plain_and_percent_encoded(string partition, string principal)
    {
        string document = TrustPolicy.ForEc2(partition);

        Assert.True(TrustPolicy.TrustsEc2(document));
        Assert.True(TrustPolicy.TrustsEc2(Uri.EscapeDataString(document)));
        Assert.Equal(principal, TrustPolicy.Principals(document));
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com","ec2.amazonaws.com"]},"Action":["sts:AssumeRole"]}""")]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:*"}""")]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"STS:assumerole","Condition":{"StringEquals":{"aws:SourceAccount":"1"}}}""")]
    [InlineData("""{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"Bool":{"aws:SecureTransport":"false"}}},{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}""")]
    public void These_statements_trust_ec2(string statements)
    {
        Assert.True(TrustPolicy.TrustsEc2($$"""{"Version":"2012-10-17","Statement":[{{statements}}]}"""));
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}""")]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:TagSession"}""")]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com.evil.example"},"Action":"sts:AssumeRole"}""")]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"NotAction":"sts:AssumeRole"}""")]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":"*","Action":"sts:*"}""")]
    [InlineData("1")]
    public void These_statements_do_not(string statements)
    {
        Assert.False(TrustPolicy.TrustsEc2($$"""{"Version":"2012-10-17","Statement":[{{statements}}]}"""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("{\"Statement\":3}")]
    public void What_is_no_policy_trusts_nobody(string? document)
    {
        Assert.False(TrustPolicy.TrustsEc2(document));
        Assert.Equal("nobody", TrustPolicy.Principals(document));
    }

    [Fact]
    public void A_single_statement_needs_no_list()
    {
        Assert.True(TrustPolicy.TrustsEc2(
            """{"Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"""));
    }

    [Fact]
    public void Principals_are_named_for_the_message()
    {
        Assert.Equal("lambda.amazonaws.com", TrustPolicy.Principals(Lambda));
    }
}
