using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class SessionPoliciesTests
{
    [Theory]
    [InlineData("aws", "logs", "arn:aws:s3:::logs/*", "arn:aws:s3:::logs")]
    [InlineData("aws-cn", "logs/", "arn:aws-cn:s3:::logs/*", "arn:aws-cn:s3:::logs")]
    [InlineData("aws-us-gov", "logs/ssm/web/", "arn:aws-us-gov:s3:::logs/ssm/web/*", "arn:aws-us-gov:s3:::logs")]
    [InlineData("aws-iso-b", "my.logs/a b", "arn:aws-iso-b:s3:::my.logs/a b/*", "arn:aws-iso-b:s3:::my.logs")]
    public void A_bucket_is_written_under_its_prefix_and_nowhere_else(string partition, string given, string objects, string bucket)
    {
        string expected =
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"{{objects}}"},{"Effect":"Allow","Action":"s3:GetEncryptionConfiguration","Resource":"{{bucket}}"}]}""";

        Assert.True(PolicyJson.IsSame(expected, SessionPolicies.ForBucket(partition, given)));
    }

    [Theory]
    [InlineData("Logs")]
    [InlineData("s3://logs")]
    [InlineData("lo")]
    [InlineData("logs/*")]
    [InlineData("logs/${aws:username}")]
    [InlineData("logs/a?")]
    [InlineData("logs\"/a")]
    public void No_name_of_a_bucket(string bucket) =>
        Refused("LogBucketInvalid", new RoleRequest { Name = "web", LogBucket = bucket });

    [Theory]
    [InlineData("*")]
    [InlineData("/ssm/*")]
    [InlineData("a b")]
    [InlineData("arn:aws:logs:eu-central-1:123456789012:log-group:*")]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:key/abc")]
    public void No_log_group(string group) => Refused("LogGroupInvalid", new RoleRequest { Name = "web", LogGroup = group });

    [Theory]
    [InlineData("*")]
    [InlineData("alias/")]
    [InlineData("key/*")]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:key/*")]
    [InlineData("arn:aws:logs:eu-central-1:123456789012:log-group:a")]
    public void No_key(string key) => Refused("KmsKeyInvalid", new RoleRequest { Name = "web", KmsKeyId = key });

    [Theory]
    [InlineData("boundary")]
    [InlineData("arn:aws:iam::123456789012:role/web")]
    [InlineData("arn:aws:iam::12:policy/web")]
    public void No_boundary(string arn) => Refused("BoundaryInvalid", new RoleRequest { Name = "web", PermissionsBoundary = arn });

    [Theory]
    [InlineData("arn:aws-cn:logs:cn-north-1:123456789012:log-group:/ssm/a", "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/ssm/a")]
    [InlineData("arn:aws:logs:eu-central-1:123456789012:log-group:a:*", "arn:aws:logs:eu-central-1:123456789012:log-group:a")]
    [InlineData("/ssm/sessions", null)]
    public void The_arn_of_a_group_is_known_with_and_without_its_star(string group, string? arn)
    {
        RoleRules.Check(new RoleRequest { Name = "web", LogGroup = group });
        Assert.Equal(arn, SessionAccessRules.GroupArn(group));
    }

    private static void Refused(string id, RoleRequest request) =>
        Assert.Equal(id, Assert.Throws<EngineException>(() => RoleRules.Check(request)).ErrorId);
}
