using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.S3;

public sealed class StorageTests
{
    private const string ByKms =
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm>"
            + "<KMSMasterKeyID>alias/sandbox</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>";

    private readonly SandboxAccount _account = new();

    private string Region => _account.World.Region;

    [Fact]
    public void What_is_put_is_got_listed_and_gone_when_it_is_deleted()
    {
        MakeBucket("logs");
        Ok("PUT", "/logs/a%20b/c.log", "text", ("Content-Type", "text/plain"), ("X-Amz-Meta-Of", "me"));

        ApiReply reply = Ok("GET", "/logs/a%20b/c.log");
        Assert.Equal("text", reply.Body);
        Assert.Equal("text/plain", reply.Headers["Content-Type"]);
        Assert.Equal("me", reply.Headers["x-amz-meta-of"]);
        Assert.Equal("AES256", reply.Headers["x-amz-server-side-encryption"]);
        Assert.Equal("\"1cb251ec0d568de6a929b520c4aed8d1\"", reply.Headers["ETag"]);
        Assert.Equal("a b/c.log", Ok("GET", "/logs?list-type=2").Value("Key"));

        Assert.Equal(204, _account.Storage("DELETE", "/logs/a%20b/c.log").Status);
        Refused("GET", "/logs/a%20b/c.log", "NoSuchKey", 404);
        Assert.Equal(204, _account.Storage("DELETE", "/logs").Status);
        Refused("HEAD", "/logs", "NoSuchBucket", 404);
    }

    [Theory]
    [InlineData("bytes=1-2", "ex", "bytes 1-2/4")]
    [InlineData("bytes=2-", "xt", "bytes 2-3/4")]
    [InlineData("bytes=-1", "t", "bytes 3-3/4")]
    [InlineData("bytes=0-99", "text", "bytes 0-3/4")]
    [InlineData("bytes=2-1", "text", null)]
    [InlineData("lines=1-2", "text", null)]
    public void Ranges_are_given_as_asked(string range, string expected, string? told)
    {
        MakeBucket("logs");
        Ok("PUT", "/logs/x", "text");
        ApiReply reply = _account.Storage("GET", "/logs/x", "", ("Range", range));
        Assert.Equal((told is null ? 200 : 206, expected), (reply.Status, reply.Body));
        Assert.Equal(told, reply.Headers["Content-Range"]);
    }

    [Fact]
    public void A_range_behind_the_end_is_none()
    {
        MakeBucket("logs");
        Ok("PUT", "/logs/x");
        Refused("GET", "/logs/x", "InvalidRange", 416, "", ("Range", "bytes=0-9"));
    }

    [Fact]
    public void Listings_come_in_pages_and_folders_count_as_one()
    {
        MakeBucket("logs");
        foreach (string key in new[] { "a/1", "a/2", "b", "c/1", "d" })
        {
            Ok("PUT", $"/logs/{key}", key);
        }

        List<string> found = [];
        string token = "";
        do
        {
            ApiReply page = Ok("GET", $"/logs?{token}delimiter=%2F&list-type=2&max-keys=2");
            Assert.True(int.Parse(page.Value("KeyCount"), System.Globalization.CultureInfo.InvariantCulture) <= 2);
            found.AddRange(page.Values("Key"));
            found.AddRange(page.Xml.Descendants().Where(one => one.Name.LocalName == "CommonPrefixes").Select(one => one.Value));
            token = page.Value("IsTruncated") == "true" ? $"continuation-token={Uri.EscapeDataString(page.Value("NextContinuationToken"))}&" : "";
        }
        while (token.Length > 0);

        Assert.Equal(["a/", "b", "c/", "d"], found.Order(StringComparer.Ordinal));
        Assert.Equal(["a/1", "a/2"], Ok("GET", "/logs?list-type=2&prefix=a%2F").Values("Key"));
        Refused("GET", "/logs?continuation-token=no&list-type=2", "InvalidArgument");
    }

    [Fact]
    public void A_bucket_of_another_region_tells_where_it_is()
    {
        TinySigner there = new(_account.Key, "us-west-2", _account.Clock);
        const string Place = "<CreateBucketConfiguration><LocationConstraint>us-west-2</LocationConstraint></CreateBucketConfiguration>";
        Assert.Equal("IllegalLocationConstraintException", _account.Storage("PUT", "/far-logs", Place).StorageCode());
        Assert.Equal(200, _account.Storage(there, "PUT", "/far-logs", Place).Status);

        ApiReply reply = _account.Storage("GET", "/far-logs?list-type=2");
        Assert.Equal((301, "PermanentRedirect", "us-west-2"), (reply.Status, reply.StorageCode(), reply.Headers["x-amz-bucket-region"]));
        Assert.Equal("us-west-2", Ok("GET", "/far-logs?location=").Xml.Value);
        Assert.Equal(200, _account.Storage(there, "HEAD", "/far-logs").Status);
    }

    [Theory]
    [InlineData("UP")]
    [InlineData("a..b")]
    [InlineData("-ab")]
    [InlineData("ab")]
    public void Names_that_no_bucket_may_have_are_refused(string name) => Refused("PUT", $"/{name}", "InvalidBucketName");

    [Fact]
    public void A_bucket_encrypts_as_it_is_told()
    {
        MakeBucket("logs");
        Assert.Equal("AES256", Ok("GET", "/logs?encryption=").Value("SSEAlgorithm"));
        Ok("PUT", "/logs?encryption=", ByKms);
        Assert.Equal("alias/sandbox", Ok("GET", "/logs?encryption=").Value("KMSMasterKeyID"));
        Assert.Equal("aws:kms", Ok("PUT", "/logs/x", "text").Headers["x-amz-server-side-encryption"]);
        Refused("PUT", "/logs?encryption=", "MalformedXML", 400, "<nothing/>");
        _account.World.Buckets["logs"].Encryption = null;
        Refused("GET", "/logs?encryption=", "ServerSideEncryptionConfigurationNotFoundError", 404);
    }

    [Fact]
    public void A_role_needs_the_right_and_the_keys_right_too()
    {
        MakeBucket("logs");
        _account.MakeProfile("web");
        RoleRecord role = _account.World.Roles["web"];
        TinySigner signer = new(_account.Credentials.IssueRole(role, "one", TimeSpan.FromHours(1)), Region, _account.Clock);
        Assert.Equal("AccessDenied", _account.Storage(signer, "PUT", "/logs/x", "text").StorageCode());

        role.Inline["put"] = """{"Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}""";
        Assert.Equal(200, _account.Storage(signer, "PUT", "/logs/x", "text").Status);
        Assert.Equal("AccessDenied", _account.Storage(signer, "GET", "/logs/x").StorageCode());

        Ok("PUT", "/logs?encryption=", ByKms);
        ApiReply refused = _account.Storage(signer, "PUT", "/logs/x", "text");
        Assert.Equal((403, "AccessDenied"), (refused.Status, refused.StorageCode()));
        Assert.Contains("kms:GenerateDataKey", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_is_not_the_one_that_was_signed_is_refused()
    {
        MakeBucket("logs");
        HttpRequest request = _account.Signer.Sign(
            "PUT", "/logs/x", "s3", [], ("X-Amz-Content-Sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        request.Body = "other"u8.ToArray();
        Assert.Equal("XAmzContentSHA256Mismatch", _account.Send(request).StorageCode());
        Assert.Equal(
            "InvalidRequest", _account.Send(_account.Signer.Sign("PUT", "/logs/x", "s3", [])).StorageCode());
        Refused("PUT", "/logs/x", "BadDigest", 400, "text", ("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="));
    }

    [Fact]
    public void A_chunk_that_was_changed_on_the_way_is_refused()
    {
        MakeBucket("logs");
        HttpRequest request = ChunkedUpload.Sign(_account, "/logs/x", ["first ", "second"]);
        Assert.Equal(200, _account.Send(request).Status);
        Assert.Equal("first second", Ok("GET", "/logs/x").Body);

        request = ChunkedUpload.Sign(_account, "/logs/x", ["first ", "second"]);
        request.Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(request.Body).Replace("second", "zecond", StringComparison.Ordinal));
        Assert.Equal("SignatureDoesNotMatch", _account.Send(request).StorageCode());

        request = ChunkedUpload.Sign(_account, "/logs/x", ["first ", "second"]);
        request.Body = request.Body[..40];
        Assert.Equal("IncompleteBody", _account.Send(request).StorageCode());
        Assert.Equal("first second", Ok("GET", "/logs/x").Body);
    }

    [Theory]
    [InlineData("GET", "/logs?acl=")]
    [InlineData("PUT", "/logs?policy=")]
    [InlineData("POST", "/logs/x")]
    [InlineData("PATCH", "/logs")]
    public void What_is_not_there_says_so(string method, string target)
    {
        MakeBucket("logs");
        Refused(method, target, "NotImplemented", 501);
    }

    [Fact]
    public void Strangers_are_turned_away_in_the_words_of_the_service()
    {
        Credential stranger = _account.Key with { AccessKeyId = "AKIAAAAAAAAAAAAAAAAA" };
        TinySigner signer = new(stranger, Region, _account.Clock);
        ApiReply reply = _account.Storage(signer, "GET", "/");
        Assert.Equal((403, "InvalidAccessKeyId"), (reply.Status, reply.StorageCode()));
    }

    private void MakeBucket(string name) => Ok(
        "PUT",
        $"/{name}",
        $"<CreateBucketConfiguration><LocationConstraint>{Region}</LocationConstraint></CreateBucketConfiguration>");

    private ApiReply Ok(string method, string target, string body = "", params (string Name, string Value)[] headers) =>
        _account.Storage(method, target, body, headers).Ok();

    private void Refused(
        string method, string target, string code, int status = 400, string body = "", params (string Name, string Value)[] headers)
    {
        ApiReply reply = _account.Storage(method, target, body, headers);
        Assert.Equal((status, code), (reply.Status, reply.StorageCode()));
    }
}
