using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Security;

public sealed class SignatureTests
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Identity = "Action=GetCallerIdentity&Version=2011-06-15";
    private readonly SandboxAccount _account = new();

    [Fact]
    public void A_properly_signed_call_is_let_in()
    {
        ApiReply reply = _account.Query("sts", "GetCallerIdentity").Ok();
        Assert.Equal($"arn:aws:iam::{_account.World.AccountId}:user/tester", reply.Value("Arn"));
        Assert.NotEmpty(reply.Headers["x-amzn-RequestId"]!);
    }

    [Fact]
    public void A_presigned_call_is_let_in_until_it_expires()
    {
        HttpRequest request = _account.Signer.Presign("sts", Identity, 60);
        _account.Send(request).Ok();
        _account.Clock.Advance(TimeSpan.FromSeconds(61));
        _account.Send(request).Refused("SignatureDoesNotMatch", 403);
    }

    [Fact]
    public void A_presigned_call_of_more_than_a_week_is_refused()
    {
        _account.Send(_account.Signer.Presign("sts", Identity, 604801)).Refused("IncompleteSignature");
    }

    [Fact]
    public void A_presigned_calls_parameters_are_under_the_signature()
    {
        HttpRequest good = _account.Signer.Presign("sts", Identity, 60);
        HttpRequest other = new() { Method = "GET", RawTarget = good.RawTarget.Replace("=60&", "=600&", StringComparison.Ordinal), Headers = good.Headers };
        _account.Send(other).Refused("SignatureDoesNotMatch", 403);
    }

    [Theory]
    [InlineData("sts", "MissingAuthenticationToken", 403)]
    [InlineData("ssm", "MissingAuthenticationTokenException", 400)]
    public void An_unsigned_call_is_refused(string service, string code, int status)
    {
        HttpRequest request = new() { Method = "POST", RawTarget = "/", Body = Encoding.UTF8.GetBytes(Identity) };
        request.Headers.Add("Host", "127.0.0.1");
        if (service == "ssm")
        {
            request.Headers.Add("X-Amz-Target", "AmazonSSM.DescribeSessions");
        }

        _account.Send(request).Refused(code, status);
    }

    [Theory]
    [InlineData("sts", "SignatureDoesNotMatch", 403)]
    [InlineData("iam", "SignatureDoesNotMatch", 403)]
    [InlineData("ec2", "AuthFailure", 401)]
    [InlineData("ssm", "InvalidSignatureException", 400)]
    public void A_wrong_secret_is_refused_in_each_protocols_words(string service, string code, int status)
    {
        TinySigner signer = new(_account.Key, _account.World.Region, _account.Clock) { Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
        _account.Send(signer.Post(service, Form, Identity)).Refused(code, status);
    }

    [Theory]
    [InlineData("sts", "InvalidClientTokenId", 403)]
    [InlineData("ec2", "AuthFailure", 401)]
    [InlineData("ssm", "UnrecognizedClientException", 400)]
    public void An_unknown_key_is_refused_in_each_protocols_words(string service, string code, int status)
    {
        Credential foreign = new CredentialStore("123456789012", _account.Clock).IssueUser("stranger");
        TinySigner signer = new(foreign, _account.World.Region, _account.Clock);
        _account.Send(signer.Post(service, Form, Identity)).Refused(code, status);
    }

    [Fact]
    public void A_revoked_key_is_unknown()
    {
        Assert.True(_account.Credentials.Revoke(_account.Key.AccessKeyId));
        _account.Query("sts", "GetCallerIdentity").Refused("InvalidClientTokenId", 403);
    }

    [Fact]
    public void A_changed_body_is_refused()
    {
        HttpRequest request = _account.Signer.Post("iam", Form, "Action=GetRole&Version=2010-05-08&RoleName=web");
        request.Body = Encoding.UTF8.GetBytes("Action=DeleteRole&Version=2010-05-08&RoleName=web");
        _account.Send(request).Refused("SignatureDoesNotMatch", 403);
    }

    [Fact]
    public void A_changed_target_is_refused()
    {
        HttpRequest request = _account.Signer.Post("ssm", "application/x-amz-json-1.1", "{}", ("X-Amz-Target", "AmazonSSM.DescribeSessions"));
        request.Headers["X-Amz-Target"] = "AmazonSSM.TerminateSession";
        _account.Send(request).Refused("InvalidSignatureException");
    }

    [Fact]
    public void A_target_outside_the_signature_is_refused()
    {
        HttpRequest request = _account.Signer.Post("ssm", "application/x-amz-json-1.1", "{}");
        request.Headers.Add("X-Amz-Target", "AmazonSSM.DescribeInstanceInformation");
        _account.Send(request).Refused("IncompleteSignatureException");
    }

    [Fact]
    public void A_changed_method_path_or_query_is_refused()
    {
        HttpRequest good = _account.Signer.Post("sts", Form, Identity);
        HttpRequest[] changed =
        [
            new() { Method = "PUT", RawTarget = "/", Headers = good.Headers, Body = good.Body },
            new() { Method = "POST", RawTarget = "/x", Headers = good.Headers, Body = good.Body },
            new() { Method = "POST", RawTarget = "/?Action=AssumeRole", Headers = good.Headers, Body = good.Body },
        ];
        Assert.All(changed, request => _account.Send(request).Refused("SignatureDoesNotMatch", 403));
    }

    [Fact]
    public void A_plus_sign_that_was_signed_is_not_a_space_that_was_not()
    {
        HttpRequest good = _account.Signer.Presign("iam", "Action=ListRoles&PathPrefix=%2Fa%2Bb%2F&Version=2010-05-08", 60);
        HttpRequest other = new()
        {
            Method = "GET", RawTarget = good.RawTarget.Replace("a%2Bb", "a+b", StringComparison.Ordinal), Headers = good.Headers,
        };
        _account.Send(good).Ok();
        _account.Send(other).Refused("SignatureDoesNotMatch", 403);
    }

    [Fact]
    public void A_changed_host_is_refused()
    {
        HttpRequest request = _account.Signer.Post("sts", Form, Identity);
        request.Headers["Host"] = "localhost:4566";
        _account.Send(request).Refused("SignatureDoesNotMatch", 403);
    }

    [Fact]
    public void A_stated_hash_that_is_not_the_bodys_is_refused()
    {
        HttpRequest request = _account.Signer.Post("sts", Form, Identity, ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"));
        _account.Send(request).Refused("SignatureDoesNotMatch", 403);
    }

    [Theory]
    [InlineData(-299, null)]
    [InlineData(299, null)]
    [InlineData(-301, "SignatureDoesNotMatch")]
    [InlineData(301, "SignatureDoesNotMatch")]
    public void Five_minutes_of_skew_are_allowed_and_no_more(int seconds, string? code)
    {
        TinySigner signer = new(_account.Key, _account.World.Region, _account.Clock) { Skew = TimeSpan.FromSeconds(seconds) };
        Assert.Equal(code, _account.Send(signer.Post("sts", Form, Identity)).Code);
    }

    [Fact]
    public void A_request_replayed_later_is_refused_and_the_message_tells_both_times()
    {
        HttpRequest request = _account.Signer.Post("sts", Form, Identity);
        _account.Send(request).Ok();
        _account.Clock.Advance(TimeSpan.FromMinutes(6));
        ApiReply reply = _account.Send(request).Refused("SignatureDoesNotMatch", 403);
        Assert.StartsWith("Signature expired: 20261122T080000Z is now earlier than 20261122T080100Z", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_answers_date_is_the_sandboxs_own()
    {
        _account.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal("Tue, 24 Nov 2026 08:00:00 GMT", _account.Query("sts", "GetCallerIdentity").Headers["Date"]);
    }

    [Theory]
    [InlineData("ssm", "us-east-2", "InvalidSignatureException")]
    [InlineData("ec2", "us-east-1", "AuthFailure")]
    [InlineData("iam", "us-east-1", null)]
    [InlineData("sts", "us-east-1", null)]
    [InlineData("iam", "eu-west-1", null)]
    public void Only_iam_and_sts_may_be_signed_for_us_east_1(string service, string region, string? code)
    {
        TinySigner signer = new(_account.Key, _account.World.Region, _account.Clock) { Region = region };
        ApiReply reply = service switch
        {
            "ssm" => _account.Json(signer, "GetParameters", """{"Names":["/x"]}"""),
            "iam" => _account.Query(signer, "iam", "ListRoles"),
            "ec2" => _account.Query(signer, "ec2", "DescribeVpcs"),
            _ => _account.Query(signer, "sts", "GetCallerIdentity"),
        };
        Assert.Equal(code, reply.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("AWS4-HMAC-SHA256")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu-west-1/sts/aws4_request, SignedHeaders=host")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu-west-1/sts, SignedHeaders=host, Signature=00")]
    [InlineData("AWS4-HMAC-SHA256 Credential=////aws4_request, SignedHeaders=;, Signature=0")]
    [InlineData("AWS4-HMAC-SHA256 Signature=0, Signature=1, SignedHeaders=host, Credential=A/20261122/eu-west-1/sts/aws4_request")]
    [InlineData("AWS4-ECDSA-P256-SHA256 Credential=A/20261122/sts/aws4_request, SignedHeaders=host, Signature=00")]
    public void Malformed_authorizations_are_refused(string authorization)
    {
        HttpRequest request = new() { Method = "POST", RawTarget = "/", Body = Encoding.UTF8.GetBytes(Identity) };
        request.Headers.Add("Host", "127.0.0.1");
        request.Headers.Add("X-Amz-Date", "20261122T080000Z");
        request.Headers.Add("Authorization", authorization);
        Assert.Equal("IncompleteSignature", _account.Send(request).Code);
    }

    [Fact]
    public void Temporary_credentials_work_with_their_own_token_only_and_until_they_end()
    {
        RoleRecord role = MakeRole();
        Credential mine = _account.Credentials.IssueRole(role, "me", TimeSpan.FromHours(1));
        Credential other = _account.Credentials.IssueRole(role, "other", TimeSpan.FromHours(1));
        string region = _account.World.Region;

        _account.Query(new TinySigner(mine, region, _account.Clock), "sts", "GetCallerIdentity").Ok();
        _account.Query(new TinySigner(mine, region, _account.Clock) { Token = other.SessionToken }, "sts", "GetCallerIdentity")
            .Refused("InvalidClientTokenId", 403);
        _account.Query(new TinySigner(mine, region, _account.Clock) { Token = "" }, "sts", "GetCallerIdentity")
            .Refused("InvalidClientTokenId", 403);
        _account.Query(new TinySigner(_account.Key, region, _account.Clock) { Token = mine.SessionToken }, "sts", "GetCallerIdentity")
            .Refused("InvalidClientTokenId", 403);

        _account.Clock.Advance(TimeSpan.FromHours(1));
        _account.Query(new TinySigner(mine, region, _account.Clock), "sts", "GetCallerIdentity").Refused("ExpiredToken", 403);
        _account.Query(new TinySigner(mine, region, _account.Clock), "ec2", "DescribeVpcs").Refused("RequestExpired");
        _account.Json(new TinySigner(mine, region, _account.Clock), "DescribeSessions", """{"State":"Active"}""")
            .Refused("ExpiredTokenException");
    }

    [Fact]
    public void A_role_may_do_what_its_policies_say_and_nothing_else()
    {
        RoleRecord role = MakeRole();
        TinySigner signer = new(_account.Credentials.IssueRole(role, "me", TimeSpan.FromHours(1)), _account.World.Region, _account.Clock);
        _account.Query(signer, "iam", "ListRoles").Refused("AccessDenied", 403);
        _account.Query(signer, "ec2", "DescribeInstances").Refused("UnauthorizedOperation", 403);
        _account.Json(signer, "StartSession", """{"Target":"i-0123456789abcdef0"}""").Refused("AccessDeniedException");

        role.Inline["p"] = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}}""";
        _account.Query(signer, "ec2", "DescribeInstances").Ok();
        _account.Query(signer, "ec2", "TerminateInstances", "InstanceId.1", "i-0123456789abcdef0").Refused("UnauthorizedOperation", 403);
    }

    [Fact]
    public void Credentials_of_a_deleted_role_give_no_rights_under_a_new_role_of_its_name()
    {
        RoleRecord role = MakeRole();
        TinySigner signer = new(_account.Credentials.IssueRole(role, "me", TimeSpan.FromHours(1)), _account.World.Region, _account.Clock);
        _account.Query("iam", "DeleteRole", "RoleName", "web").Ok();
        RoleRecord again = MakeRole();
        again.Inline["p"] = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""";
        _account.Query(signer, "ec2", "DescribeInstances").Refused("UnauthorizedOperation", 403);
    }

    [Fact]
    public void Refusals_give_no_secret_away()
    {
        TinySigner signer = new(_account.Key, _account.World.Region, _account.Clock) { Skew = TimeSpan.FromHours(1) };
        string body = _account.Send(signer.Post("sts", Form, Identity)).Body;
        Assert.DoesNotContain(_account.Key.SecretAccessKey, body, StringComparison.Ordinal);
        Assert.DoesNotContain(_account.Key.SecretAccessKey, _account.Key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_is_fresh_and_random()
    {
        Credential[] keys = [.. Enumerable.Range(0, 50).Select(_ => _account.Credentials.IssueUser("u"))];
        Assert.Equal(50, keys.Select(key => key.AccessKeyId).Distinct().Count());
        Assert.Equal(50, keys.Select(key => key.SecretAccessKey).Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^AKIA[A-Z2-7]{16}$", key.AccessKeyId));
        Assert.All(keys, key => Assert.Equal(40, key.SecretAccessKey.Length));
    }

    private RoleRecord MakeRole()
    {
        _account.Query("iam", "CreateRole", "RoleName", "web", "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust).Ok();
        return _account.World.Roles["web"];
    }
}
