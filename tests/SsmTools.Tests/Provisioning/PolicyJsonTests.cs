using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class PolicyJsonTests
{
    private const string Policy =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"a:b":["x","y"]}}}]}""";

    [Theory]
    [InlineData("""{"Statement":[{"Condition":{"StringEquals":{"a:b":["y","x"]}},"Resource":"*","Action":"kms:Decrypt","Effect":"Deny"},{"Action":["s3:getobject","S3:PutObject"],"Resource":["arn:aws:s3:::b/*"],"Effect":"Allow","Sid":"One"}],"Version":"2012-10-17"}""")]
    [InlineData("""{ "Version": "2012-10-17", "Id": "mine", "Statement": [ {"Effect":"Allow","Action":["s3:PutObject","s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/*"}, {"Effect":"Deny","Action":["kms:Decrypt"],"Resource":["*"],"Condition":{"StringEquals":{"a:b":["x","y"]}}}] }""")]
    public void Order_lists_of_one_and_the_case_of_actions_do_not_count(string other)
    {
        Assert.True(PolicyJson.IsSame(Policy, other));
        Assert.True(PolicyJson.IsSame(Uri.EscapeDataString(Policy), other));
    }

    [Theory]
    [InlineData("s3:PutObject", "s3:PutObjectAcl")]
    [InlineData("arn:aws:s3:::b/*", "arn:aws:s3:::B/*")]
    [InlineData("\"Deny\"", "\"Allow\"")]
    [InlineData("\"Resource\":\"*\"", "\"NotResource\":\"*\"")]
    [InlineData("[\"x\",\"y\"]", "[\"x\"]")]
    [InlineData("2012-10-17", "2008-10-17")]
    public void What_counts_is_seen(string part, string instead)
    {
        Assert.False(PolicyJson.IsSame(Policy, Policy.Replace(part, instead, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    public void What_is_no_policy_is_like_none(string? text)
    {
        Assert.False(PolicyJson.IsSame(text, Policy));
        Assert.False(PolicyJson.IsSame(text, text));
        Assert.Empty(PolicyJson.Statements(text));
    }
}
