using SsmTools.Sandbox.Security;
using Xunit;

namespace SsmTools.Tests.Sandbox.Sts;

public sealed class StsTests
{
    private readonly SandboxAccount _account = new();

    [Fact]
    public void A_role_that_trusts_the_account_can_be_taken_and_its_credentials_work()
    {
        Make($$"""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"{{_account.World.AccountId}}"},"Action":"sts:AssumeRole"}]}""");
        ApiReply reply = Assume().Ok();
        Assert.StartsWith("ASIA", reply.Value("AccessKeyId"), StringComparison.Ordinal);
        Assert.Equal("2026-11-22T09:00:00Z", reply.Value("Expiration"));
        Credential issued = _account.Credentials.Find(reply.Value("AccessKeyId"))!;
        Assert.Equal(reply.Value("SecretAccessKey"), issued.SecretAccessKey);
        TinySigner signer = new(issued, _account.World.Region, _account.Clock);
        Assert.EndsWith(":assumed-role/web/me", _account.Query(signer, "sts", "GetCallerIdentity").Ok().Value("Arn"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_that_trusts_only_ec2_cannot()
    {
        Make(SandboxAccount.Ec2Trust);
        Assume().Refused("AccessDenied", 403);
    }

    private void Make(string trust) => _account.Query("iam", "CreateRole", "RoleName", "web", "AssumeRolePolicyDocument", trust).Ok();

    private ApiReply Assume()
    {
        return _account.Query("sts", "AssumeRole", "RoleArn", $"arn:aws:iam::{_account.World.AccountId}:role/web", "RoleSessionName", "me");
    }
}
