using System.Net;
using System.Net.WebSockets;
using System.Text;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Gateway;

/// <summary>Ways in for those who should not get in.</summary>
public sealed class GatewayAttackTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;
    private InstanceRecord _instance = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await TestSandbox.StartAsync();
        _instance = await _sandbox.LaunchOnlineAsync();
    }

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    private string Endpoint => _sandbox.Host.Facts.Endpoint;

    [UnixFact]
    public async Task A_wrong_token_does_not_open_a_data_channel()
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        foreach (string token in new[] { "", "wrong", session.TokenValue![..^1], session.TokenValue + "x", session.SessionId! })
        {
            using RawDataClient client = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, token);
            Assert.False(await client.ReceiveAsync());
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.Socket.CloseStatus);
            Assert.Equal("", client.Socket.CloseStatusDescription ?? "");
        }
    }

    [UnixFact]
    public async Task A_token_opens_its_data_channel_once()
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        using RawDataClient first = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, session.TokenValue!);
        await first.WaitForAsync("$ ");

        using RawDataClient second = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, session.TokenValue!);

        Assert.False(await second.ReceiveAsync());
        await first.TypeAsync("echo still-mine\r");
        await first.WaitForAsync("still-mine\r\n");
    }

    [UnixFact]
    public async Task A_token_of_one_session_does_not_open_another()
    {
        StartSessionResponse mine = await _sandbox.StartSessionAsync(_instance.Id);
        StartSessionResponse theirs = await _sandbox.StartSessionAsync(_instance.Id);

        using RawDataClient client = await RawDataClient.OpenAsync(theirs.SessionId!, theirs.StreamUrl!, mine.TokenValue!);

        Assert.False(await client.ReceiveAsync());
    }

    [UnixFact]
    public async Task A_token_expires()
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        using (RawDataClient inTime = await RawDataClient.OpenAsync(session.SessionId!, session.StreamUrl!, session.TokenValue!))
        {
            await inTime.WaitForAsync("$ ");
        }

        ResumeSessionResponse again = await _sandbox.Aws.Ssm.ResumeSessionAsync(
            new ResumeSessionRequest { SessionId = session.SessionId }, TestTimeout.Token);
        _sandbox.Host.Clock.Advance(TimeSpan.FromSeconds(61));

        using RawDataClient late = await RawDataClient.OpenAsync(session.SessionId!, again.StreamUrl!, again.TokenValue!);
        Assert.False(await late.ReceiveAsync());
    }

    [UnixFact]
    public async Task A_client_cannot_pose_as_the_agent()
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        using ClientWebSocket socket = await RawDataClient.ConnectAsync(session.StreamUrl!);

        await socket.SendAsync(
            Encoding.UTF8.GetBytes($$"""{"MessageSchemaVersion":"1.0","TokenValue":"{{session.TokenValue}}","ClientInstanceId":"{{_instance.Id}}"}"""),
            WebSocketMessageType.Text, true, TestTimeout.Token);

        WebSocketReceiveResult result = await socket.ReceiveAsync(new byte[10], TestTimeout.Token);
        Assert.Equal(WebSocketMessageType.Close, result.MessageType);
    }

    [UnixTheory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"TokenValue\":12}")]
    public async Task A_first_message_of_another_kind_closes_the_socket(string text)
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        using ClientWebSocket socket = await RawDataClient.ConnectAsync(session.StreamUrl!);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestTimeout.Token);

        WebSocketReceiveResult result = await socket.ReceiveAsync(new byte[10], TestTimeout.Token);
        Assert.Equal(WebSocketMessageType.Close, result.MessageType);
    }

    [UnixFact]
    public async Task An_endless_first_message_closes_the_socket()
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        using ClientWebSocket socket = await RawDataClient.ConnectAsync(session.StreamUrl!);
        await socket.SendAsync(new byte[100_000], WebSocketMessageType.Text, false, TestTimeout.Token);

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[10], TestTimeout.Token));
    }

    [UnixFact]
    public async Task A_data_channel_of_no_session_is_closed()
    {
        using RawDataClient client = await RawDataClient.OpenAsync(
            "sandbox-none", $"ws://{new Uri(Endpoint).Authority}/v1/data-channel/sandbox-none?role=publish_subscribe", "token");

        Assert.False(await client.ReceiveAsync());
    }

    [UnixFact]
    public async Task Control_channels_are_refused_without_a_signature()
    {
        using HttpClient http = new();
        using HttpResponseMessage post = await http.PostAsync(
            new Uri($"{Endpoint}/v1/control-channel/{_instance.Id}"), new StringContent("{}"), TestTimeout.Token);
        WebSocketException upgrade = await Assert.ThrowsAsync<WebSocketException>(
            () => RawDataClient.ConnectAsync($"ws://{new Uri(Endpoint).Authority}/v1/control-channel/{_instance.Id}?role=subscribe&stream=input"));

        Assert.Equal(HttpStatusCode.Forbidden, post.StatusCode);
        Assert.Contains("MissingAuthenticationToken", await post.Content.ReadAsStringAsync(TestTimeout.Token), StringComparison.Ordinal);
        Assert.Contains("403", upgrade.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Control_and_data_channels_are_refused_to_another_instances_role_and_to_users()
    {
        await _sandbox.CreateProfileAsync("other");
        InstanceRecord other = await _sandbox.LaunchAsync("other");
        await _sandbox.WaitForStatusAsync(other.Id, "Online");
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        RoleRecord role = _sandbox.Host.World.RoleOf(other)!;
        Credential foreign = _sandbox.Host.Credentials.IssueRole(role, other.Id, TimeSpan.FromHours(1), other.Id);
        Credential notAnInstance = _sandbox.Host.Credentials.IssueRole(_sandbox.Host.World.RoleOf(_instance)!, "someone", TimeSpan.FromHours(1));

        foreach (Credential credential in new[] { foreign, notAnInstance })
        {
            foreach (string path in new[] { $"/v1/control-channel/{_instance.Id}", $"/v1/data-channel/{session.SessionId}" })
            {
                (HttpStatusCode status, string body) = await PostAsync(path, credential, DateTimeOffset.UtcNow);
                Assert.Equal(HttpStatusCode.Forbidden, status);
                Assert.Contains("<AccessDeniedException>", body, StringComparison.Ordinal);
            }
        }
    }

    [UnixFact]
    public async Task An_agents_request_must_be_signed_well_and_just_now()
    {
        Credential own = _sandbox.Host.Credentials.IssueRole(
            _sandbox.Host.World.RoleOf(_instance)!, _instance.Id, TimeSpan.FromHours(1), _instance.Id);
        string path = $"/v1/control-channel/{_instance.Id}";

        (HttpStatusCode good, string token) = await PostAsync(path, own, DateTimeOffset.UtcNow);
        (HttpStatusCode late, _) = await PostAsync(path, own, DateTimeOffset.UtcNow.AddMinutes(-6));
        (HttpStatusCode wrong, _) = await PostAsync(path, own with { SecretAccessKey = "wrong" }, DateTimeOffset.UtcNow);

        Assert.Equal(HttpStatusCode.Created, good);
        Assert.StartsWith("<CreateControlChannelResponse><MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>", token, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, late);
        Assert.Equal(HttpStatusCode.Forbidden, wrong);
    }

    [UnixFact]
    public async Task An_agent_whose_session_is_over_is_told_so()
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        await _sandbox.Aws.Ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = session.SessionId }, TestTimeout.Token);
        Credential own = _sandbox.Host.Credentials.IssueRole(
            _sandbox.Host.World.RoleOf(_instance)!, _instance.Id, TimeSpan.FromHours(1), _instance.Id);

        (HttpStatusCode status, string body) = await PostAsync($"/v1/data-channel/{session.SessionId}", own, DateTimeOffset.UtcNow);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("Session is already terminated", body, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("Origin: http://localhost\r\n", "localhost")]
    [InlineData("", "sandbox.example")]
    public async Task A_data_channel_is_closed_to_web_pages(string field, string host)
    {
        StartSessionResponse session = await _sandbox.StartSessionAsync(_instance.Id);
        Uri url = new(session.StreamUrl!);
        using RawHttpClient raw = new(IPEndPoint.Parse(url.Authority));

        await raw.SendAsync(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {host}\r\n{field}Connection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403 ", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Malformed_messages_change_nothing()
    {
        using RawDataClient client = await _sandbox.OpenSessionAsync(_instance.Id);
        await client.WaitForAsync("$ ");
        byte[] good = RawDataClient.Input(0, SsmTools.Engine.Protocol.PayloadType.Output, "x");
        Random random = new(20261122);
        for (int i = 0; i < 200; i++)
        {
            byte[] bad = (byte[])good.Clone();
            for (int changes = random.Next(1, 8); changes > 0; changes--)
            {
                bad[random.Next(120)] ^= (byte)random.Next(1, 256);
            }

            // The digest is always wrong, or a change in the number alone would make another good message of it.
            bad[80] = (byte)~good[80];

            // Header lengths beyond the end, wrong types and digests, numbers from nowhere, and mere pieces.
            await client.SendBytesAsync(i % 4 == 0 ? bad[..random.Next(bad.Length)] : bad);
        }

        await client.TypeAsync("echo $((1200+34))\r");
        await client.WaitForAsync("1234\r\n");
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, Credential credential, DateTimeOffset time)
    {
        byte[] body = "{\"MessageSchemaVersion\":\"1.0\"}"u8.ToArray();
        Uri url = new(Endpoint + path);
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        AgentCredentials keys = new(
            credential.AccessKeyId, credential.SecretAccessKey, credential.SessionToken ?? "", credential.Expires!.Value);
        DateTimeOffset now = time + (_sandbox.Host.Clock.GetUtcNow() - DateTimeOffset.UtcNow);
        foreach ((string name, string value) in RequestSigner.Sign("POST", url, body, "application/json", keys, _sandbox.Host.Facts.Region, now))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await http.SendAsync(request, TestTimeout.Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestTimeout.Token));
    }
}
