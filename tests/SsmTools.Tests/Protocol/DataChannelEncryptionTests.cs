using System.Text;
using SsmTools.Engine.Protocol;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>Encrypted sessions, seen from either end.</summary>
public sealed class DataChannelEncryptionTests
{
    private const string Request = """
        {"AgentVersion":"3.3.1142.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream","Properties":null}},{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"alias/x"CHALLENGE}}]}
        """;

    private static readonly byte[] s_dataKey = [.. Enumerable.Range(0, SessionKeys.DataKeyLength).Select(i => (byte)i)];

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("", null, "false")]
    [InlineData(""","Challenge":"YWJj" """, "YWJj", "true")]
    public void A_client_asks_for_a_key_answers_with_it_and_proves_that_it_has_it(
        string given, string? challenge, string acknowledged)
    {
        ChannelProbe client = new(ChannelRole.Client, _time);
        client.ReceiveOutput(
            0, PayloadType.HandshakeRequest, Encoding.UTF8.GetBytes(Request.Replace("CHALLENGE", given, StringComparison.Ordinal)));

        // Acknowledged at once, answered when there is a key.
        Assert.Equal([0], client.TakeAcknowledged());
        DataKeyNeed need = client.Take(ChannelEventKind.KeyNeeded).KeyNeed!;
        Assert.Equal(("alias/x", challenge), (need.KeyId, need.Challenge));
        client.Channel.ProvideKey(s_dataKey, [1, 2, 3]);
        AgentMessage response = Assert.Single(client.TakeFrames());
        Assert.Equal(
            $$"""{"ClientVersion":"1.2.694.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""},{"ActionType":"KMSEncryption","ActionStatus":1,"ActionResult":{"KMSCipherTextKey":"AQID","KMSCipherTextHash":null,"ChallengeAcknowledgement":{{acknowledged}}},"Error":""}],"Errors":null}""",
            Encoding.UTF8.GetString(response.Payload.Span));
        Assert.False(client.Channel.IsOpen);

        using SessionKeys agent = new(ChannelRole.Agent, s_dataKey);
        byte[] random = [.. Enumerable.Range(100, 64).Select(i => (byte)i)];
        client.ReceiveOutput(1, PayloadType.EncryptionChallengeRequest, Challenge(agent.Encrypt(random)));
        AgentMessage proof = client.TakeFrames().Single(message => message.PayloadType == PayloadType.EncryptionChallengeResponse);
        Assert.True(ProtocolJson.TryRead(
            proof.Payload.Span, ProtocolJson.Wire.EncryptionChallengePayload, out EncryptionChallengePayload? answer));
        Assert.True(agent.TryDecrypt(answer.Challenge, out byte[]? proved));
        Assert.Equal(random, proved);

        client.ReceiveOutput(2, PayloadType.HandshakeComplete, "{}"u8);
        client.Take(ChannelEventKind.Opened);
        client.ReceiveOutput(3, PayloadType.Output, agent.Encrypt("$ "u8));
        client.ReceiveOutput(4, PayloadType.StandardError, agent.Encrypt("err"u8));
        client.ReceiveOutput(5, PayloadType.ExitCode, agent.Encrypt("EXIT_CODE: 1"u8));
        Assert.Equal("$ errEXIT_CODE: 1", client.TakeText());
        client.TakeFrames();

        Assert.True(client.Channel.TrySend(PayloadType.Output, "ls\r"u8));
        Assert.True(client.Channel.TrySend(PayloadType.Size, "{}"u8));
        List<AgentMessage> sent = client.TakeFrames();
        Assert.True(agent.TryDecrypt(sent[0].Payload.Span, out byte[]? typed));
        Assert.Equal("ls\r", Encoding.UTF8.GetString(typed));
        Assert.Equal("{}", Encoding.UTF8.GetString(sent[1].Payload.Span));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Data_that_was_changed_or_is_plain_ends_the_session_and_nothing_is_sent_after_it(bool isPlain)
    {
        ChannelProbe client = OpenClient();
        using SessionKeys agent = new(ChannelRole.Agent, s_dataKey);
        byte[] payload = isPlain ? "plain text of more than twenty-eight bytes"u8.ToArray() : agent.Encrypt("secret"u8);
        payload[15] ^= 1;
        client.ReceiveOutput(2, PayloadType.Output, payload);

        Assert.Contains("was not encrypted with the session's key", client.Take(ChannelEventKind.Broken).Text, StringComparison.Ordinal);
        Assert.False(client.Channel.TryReadEvent(out _));
        Assert.False(client.Channel.TrySend(PayloadType.Output, "x"u8));
    }

    [Theory]
    [InlineData(PayloadType.HandshakeComplete)]
    [InlineData(PayloadType.Output)]
    internal void Nothing_gets_by_before_there_is_a_key(PayloadType payloadType)
    {
        ChannelProbe client = new(ChannelRole.Client, _time);
        client.ReceiveOutput(
            0, PayloadType.HandshakeRequest, Encoding.UTF8.GetBytes(Request.Replace("CHALLENGE", "", StringComparison.Ordinal)));
        client.Take(ChannelEventKind.KeyNeeded);
        client.ReceiveOutput(1, payloadType, "{}"u8);

        client.Take(ChannelEventKind.Broken);
        client.TakeFrames();
        client.Channel.ProvideKey(s_dataKey, [1]);
        Assert.Empty(client.TakeFrames());
    }

    [Fact]
    public void A_request_that_names_no_key_is_refused()
    {
        ChannelProbe client = new(ChannelRole.Client, _time);
        client.ReceiveOutput(
            0,
            PayloadType.HandshakeRequest,
            """{"RequestedClientActions":[{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":""}}]}"""u8);

        Assert.Contains(
            """ActionStatus":2,"ActionResult":null,"Error":"Failed to process action KMSEncryption: it names no key""",
            Encoding.UTF8.GetString(client.TakeFrames()[^1].Payload.Span),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_has_the_clients_key_decrypted_and_opens_when_the_challenge_is_met()
    {
        ChannelProbe agent = Challenged(out SessionKeys client, out byte[] challenge);
        using (client)
        {
            agent.ReceiveInput(1, PayloadType.EncryptionChallengeResponse, Challenge(client.Encrypt(challenge)));
            Assert.True(agent.Take(ChannelEventKind.Opened).Opening!.HasHandshake);
            Assert.Contains(
                "This session is encrypted using AWS KMS.",
                Encoding.UTF8.GetString(agent.TakeFrames().Single(one => one.PayloadType == PayloadType.HandshakeComplete).Payload.Span),
                StringComparison.Ordinal);

            agent.ReceiveInput(2, PayloadType.Output, client.Encrypt("ls\r"u8));
            Assert.Equal("ls\r", agent.TakeText());
        }
    }

    [Fact]
    public void A_wrong_answer_to_the_challenge_ends_the_session()
    {
        ChannelProbe agent = Challenged(out SessionKeys client, out byte[] challenge);
        using (client)
        {
            challenge[63] ^= 1;
            agent.ReceiveInput(1, PayloadType.EncryptionChallengeResponse, Challenge(client.Encrypt(challenge)));
        }

        Assert.Contains("challenge is wrong", agent.Take(ChannelEventKind.Broken).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_waits_fifteen_seconds_for_the_answer_to_its_challenge()
    {
        ChannelProbe agent = Challenged(out SessionKeys client, out _);
        client.Dispose();
        long asked = _time.GetTimestamp();
        while (!agent.Channel.TryReadEvent(out ChannelEvent failed))
        {
            _time.Advance(agent.Channel.TimeUntilDeadline!.Value);
            agent.Channel.OnTimer();
            agent.TakeFrames();
            Assert.True(_time.GetElapsedTime(asked) <= TimeSpan.FromSeconds(15), failed.Text);
        }

        Assert.Equal(TimeSpan.FromSeconds(15), _time.GetElapsedTime(asked));
    }

    [Fact]
    public void A_response_without_a_key_fails_the_handshake()
    {
        ChannelProbe agent = NewAgent();
        agent.ReceiveInput(0, PayloadType.HandshakeResponse, """{"ProcessedClientActions":[]}"""u8);

        Assert.Contains("no key", agent.Take(ChannelEventKind.Failed).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_encryption_context_is_what_the_references_have()
    {
        DataKeyNeed need = new() { KeyId = "alias/x" };
        Assert.Equal(
            new Dictionary<string, string> { ["aws:ssm:SessionId"] = "s-1", ["aws:ssm:TargetId"] = "i-1" }, need.Context("s-1", "i-1"));
        Assert.Equal("YWJj", (need with { Challenge = "YWJj" }).Context("s-1", "i-1")["aws:ssm:RandomChallenge"]);
    }

    private static byte[] Challenge(byte[] bytes) => ProtocolJson.Write(
        new EncryptionChallengePayload { Challenge = bytes }, ProtocolJson.Wire.EncryptionChallengePayload);

    private ChannelProbe OpenClient()
    {
        ChannelProbe client = new(ChannelRole.Client, _time);
        client.ReceiveOutput(
            0, PayloadType.HandshakeRequest, Encoding.UTF8.GetBytes(Request.Replace("CHALLENGE", "", StringComparison.Ordinal)));
        client.Take(ChannelEventKind.KeyNeeded);
        client.Channel.ProvideKey(s_dataKey, [1]);
        client.ReceiveOutput(1, PayloadType.HandshakeComplete, "{}"u8);
        client.Take(ChannelEventKind.Opened);
        return client;
    }

    private ChannelProbe NewAgent() => new(
        ChannelRole.Agent,
        _time,
        options => options with
        {
            Handshake = new SessionTypeParameters { SessionType = SessionType.StandardStream },
            Encryption = new KmsEncryptionParameters { KmsKeyId = "alias/x", Challenge = "YWJj" },
        });

    /// <summary>An agent that has sent its challenge, and the client's keys.</summary>
    private ChannelProbe Challenged(out SessionKeys client, out byte[] challenge)
    {
        ChannelProbe agent = NewAgent();
        Assert.Contains(
            """{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"alias/x","Challenge":"YWJj"}}""",
            Encoding.UTF8.GetString(agent.TakeFrames()[0].Payload.Span),
            StringComparison.Ordinal);
        agent.ReceiveInput(
            0,
            PayloadType.HandshakeResponse,
            """{"ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1},{"ActionType":"KMSEncryption","ActionStatus":1,"ActionResult":{"KMSCipherTextKey":"AQID","ChallengeAcknowledgement":true}}]}"""u8);
        DataKeyNeed need = agent.Take(ChannelEventKind.KeyNeeded).KeyNeed!;
        Assert.Equal(("alias/x", "AQID", "YWJj"), (need.KeyId, Convert.ToBase64String(need.CipherText!), need.Challenge));
        agent.TakeFrames();
        agent.Channel.ProvideKey(s_dataKey, null);
        client = new SessionKeys(ChannelRole.Client, s_dataKey);
        AgentMessage request = Assert.Single(agent.TakeFrames());
        Assert.Equal(PayloadType.EncryptionChallengeRequest, request.PayloadType);
        Assert.True(ProtocolJson.TryRead(
            request.Payload.Span, ProtocolJson.Wire.EncryptionChallengePayload, out EncryptionChallengePayload? sent));
        Assert.Equal(92, sent.Challenge!.Length);
        Assert.True(client.TryDecrypt(sent.Challenge, out byte[]? plain));
        challenge = plain;
        return agent;
    }
}
