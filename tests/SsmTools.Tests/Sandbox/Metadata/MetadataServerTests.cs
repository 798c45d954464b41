using System.Net;
using System.Text.Json;
using SsmTools.Sandbox.Metadata;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Metadata;

public sealed class MetadataServerTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private TestSandbox _sandbox = null!;
    private InstanceRecord _instance = null!;
    private MetadataServer _server = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _sandbox.Host.World.Lifecycle.Host = null;
        await _sandbox.CreateProfileAsync("web");
        _instance = await _sandbox.LaunchAsync("web");
        _server = new MetadataServer(_sandbox.Host.World, _sandbox.Host.Credentials, _instance);
        Change(new MetadataSettings { TokenRequired = true });
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_needed_and_opens()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/latest/meta-data/instance-id", null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/latest/meta-data/instance-id", "wrong")).Status);

        (HttpStatusCode status, string token) = await PutTokenAsync("60");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(_instance.Id, await ReadAsync("/latest/meta-data/instance-id", token));
    }

    [Fact]
    public async Task The_instance_can_prove_who_it_is_and_do_nothing_else_with_that()
    {
        const string Path = "/latest/meta-data/identity-credentials/ec2/security-credentials/";
        (_, string token) = await PutTokenAsync("60");
        string name = await ReadAsync(Path, token);
        JsonElement proof = TestSandbox.ParseJson(await ReadAsync(Path + name, token));
        Principal principal = _sandbox.Host.Credentials.Find(proof.GetProperty("AccessKeyId").GetString()!)!.Principal;

        Assert.Equal("ec2-instance", name);
        Assert.Equal("Success", proof.GetProperty("Code").GetString());
        Assert.Equal(_instance.Id, principal.InstanceId);
        Assert.True(Authorizer.IsAllowed(_sandbox.Host.World, principal, "ssm:RegisterManagedInstance"));
        Assert.False(Authorizer.IsAllowed(_sandbox.Host.World, principal, "ssmmessages:CreateControlChannel"));
        Assert.False(AgentRights.SpeaksFor(_sandbox.Host.World, principal, _instance.Id));
    }

    [Fact]
    public async Task A_token_expires_on_the_sandboxs_clock()
    {
        (_, string token) = await PutTokenAsync("60");
        _sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/latest/meta-data/instance-id", token)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("21601")]
    [InlineData("-5")]
    [InlineData("soon")]
    public async Task A_token_needs_a_lifetime_of_one_second_to_six_hours(string? lifetime)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await PutTokenAsync(lifetime)).Status);
    }

    [Fact]
    public async Task Version_one_works_where_tokens_are_optional()
    {
        Change(new MetadataSettings { TokenRequired = false });

        Assert.Equal(_instance.Id, await ReadAsync("/latest/meta-data/instance-id", null));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/latest/meta-data/instance-id", "wrong")).Status);
    }

    [Fact]
    public async Task A_disabled_endpoint_answers_nothing()
    {
        Change(new MetadataSettings { Enabled = false });

        Assert.Equal(HttpStatusCode.Forbidden, (await PutTokenAsync("60")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/latest/meta-data/", null)).Status);
    }

    [Fact]
    public async Task Requests_that_came_through_a_proxy_are_refused()
    {
        using HttpRequestMessage request = new(HttpMethod.Put, _server.Endpoint + "/latest/api/token");
        request.Headers.Add("X-aws-ec2-metadata-token-ttl-seconds", "60");
        request.Headers.Add("X-Forwarded-For", "10.0.0.1");

        using HttpResponseMessage response = await _http.SendAsync(request, TestTimeout.Token);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task It_says_what_the_instance_is()
    {
        (_, string token) = await PutTokenAsync("60");

        Assert.Equal("t3.nano", await ReadAsync("/latest/meta-data/instance-type", token));
        Assert.Equal(_instance.Image.ImageId, await ReadAsync("/latest/meta-data/ami-id", token));
        Assert.Equal(_instance.PrivateIp, await ReadAsync("/latest/meta-data/local-ipv4", token));
        Assert.Equal(_instance.NetworkInterface.MacAddress, await ReadAsync("/latest/meta-data/mac", token));
        Assert.Equal(_instance.Subnet.Zone, await ReadAsync("/latest/meta-data/placement/availability-zone", token));
        Assert.Equal("eu-west-1", await ReadAsync("/2021-07-15/meta-data/placement/region", token));
        JsonElement document = TestSandbox.ParseJson(await ReadAsync("/latest/dynamic/instance-identity/document", token));
        Assert.Equal(_sandbox.Host.World.AccountId, document.GetProperty("accountId").GetString());
        Assert.Equal(_instance.Id, document.GetProperty("instanceId").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/latest/meta-data/nothing", token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/oldest/meta-data/", token)).Status);
    }

    [Fact]
    public async Task Directories_list_what_is_in_them()
    {
        (_, string token) = await PutTokenAsync("60");

        string[] names = (await ReadAsync("/latest/meta-data/", token)).Split('\n');

        Assert.Contains("instance-id", names);
        Assert.Contains("placement/", names);
        Assert.Contains("iam/", names);
        Assert.Equal("info\nsecurity-credentials/", await ReadAsync("/latest/meta-data/iam/", token));
        Assert.Equal("web", await ReadAsync("/latest/meta-data/iam/security-credentials/", token));
    }

    [Fact]
    public async Task Iam_info_names_the_instances_own_profile()
    {
        (_, string token) = await PutTokenAsync("60");

        JsonElement info = TestSandbox.ParseJson(await ReadAsync("/latest/meta-data/iam/info", token));

        Assert.Equal("Success", info.GetProperty("Code").GetString());
        Assert.Equal($"arn:aws:iam::{_sandbox.Host.World.AccountId}:instance-profile/web", info.GetProperty("InstanceProfileArn").GetString());
        Assert.Equal(_instance.Profile!.ProfileId, info.GetProperty("InstanceProfileId").GetString());
        Assert.NotNull(info.GetProperty("LastUpdated").GetString());
    }

    [Fact]
    public async Task Credentials_are_the_roles_for_this_instance_and_are_renewed_in_time()
    {
        (_, string token) = await PutTokenAsync("21600");
        JsonElement first = TestSandbox.ParseJson(await ReadAsync("/latest/meta-data/iam/security-credentials/web", token));
        JsonElement again = TestSandbox.ParseJson(await ReadAsync("/latest/meta-data/iam/security-credentials/web", token));
        _sandbox.Host.Clock.Advance(TimeSpan.FromHours(5.8));
        JsonElement renewed = TestSandbox.ParseJson(await ReadAsync("/latest/meta-data/iam/security-credentials/web", token));

        Credential credential = _sandbox.Host.Credentials.Find(first.GetProperty("AccessKeyId").GetString()!)!;
        Assert.Equal("Success", first.GetProperty("Code").GetString());
        Assert.Equal(_instance.Id, credential.Principal.InstanceId);
        Assert.Equal("web", credential.Principal.RoleName);
        Assert.Equal(first.GetProperty("AccessKeyId").GetString(), again.GetProperty("AccessKeyId").GetString());
        Assert.NotEqual(first.GetProperty("AccessKeyId").GetString(), renewed.GetProperty("AccessKeyId").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/latest/meta-data/iam/security-credentials/other", token)).Status);
    }

    [Fact]
    public async Task Without_a_profile_there_is_no_iam()
    {
        lock (_sandbox.Host.World.Gate)
        {
            _instance.Profile = null;
        }

        (_, string token) = await PutTokenAsync("60");

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/latest/meta-data/iam/info", token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/latest/meta-data/iam/security-credentials/", token)).Status);
        Assert.DoesNotContain("iam/", (await ReadAsync("/latest/meta-data/", token)).Split('\n'));
    }

    private void Change(MetadataSettings settings)
    {
        lock (_sandbox.Host.World.Gate)
        {
            _instance.Metadata = settings;
        }
    }

    private async Task<string> ReadAsync(string path, string? token)
    {
        (HttpStatusCode status, string text) = await GetAsync(path, token);
        Assert.Equal(HttpStatusCode.OK, status);
        return text;
    }

    private Task<(HttpStatusCode Status, string Text)> GetAsync(string path, string? token) =>
        SendAsync(HttpMethod.Get, path, "X-aws-ec2-metadata-token", token);

    private Task<(HttpStatusCode Status, string Text)> PutTokenAsync(string? lifetime) =>
        SendAsync(HttpMethod.Put, "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", lifetime);

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string header, string? value)
    {
        using HttpRequestMessage request = new(method, _server.Endpoint + path);
        if (value is not null)
        {
            request.Headers.Add(header, value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request, TestTimeout.Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestTimeout.Token));
    }
}
