using System.Text;
using SsmTools.Engine.Protocol;
using Xunit;

namespace SsmTools.Tests.Protocol;

public sealed class ProtocolJsonTests
{
    [Fact]
    public void Keys_are_matched_whatever_their_case_and_unknown_ones_ignored()
    {
        const string Json = """
            { "documentContent": {"schemaVersion":"1.0"}, "sessionId": "user-1", "runAsUser": null, "dataChannelToken": "x" }
            """;

        Assert.True(ProtocolJson.TryRead(Encoding.UTF8.GetBytes(Json), ProtocolJson.Wire.SessionTask, out SessionTask? task));
        Assert.Equal("user-1", task.SessionId);
        Assert.Equal("1.0", task.DocumentContent!.Value.GetProperty("schemaVersion").GetString());
        Assert.Null(task.RunAsUser);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"cols\":\"eighty\"}")]
    [InlineData("{\"cols\":80,\"rows\":")]
    [InlineData("{\"cols\":99999999999}")]
    public void What_is_not_the_payload_is_refused(string json) => Assert.False(
        ProtocolJson.TryRead(Encoding.UTF8.GetBytes(json), ProtocolJson.Wire.TerminalSizePayload, out _));

    [Fact]
    public void Bytes_that_are_not_text_are_refused() => Assert.False(
        ProtocolJson.TryRead([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], ProtocolJson.Wire.AcknowledgePayload, out _));

    [Fact]
    public void The_first_frame_tells_client_and_agent_apart()
    {
        OpenDataChannelInput client = new() { RequestId = "r", TokenValue = "t", ClientId = "c", ClientVersion = "1.2.694.0" };
        OpenDataChannelInput agent = new() { RequestId = "r", TokenValue = "t", ClientId = "", ClientInstanceId = "i-1" };

        Assert.Equal(
            """{"MessageSchemaVersion":"1.0","RequestId":"r","TokenValue":"t","ClientId":"c","ClientVersion":"1.2.694.0"}""",
            Write(client));
        Assert.Equal(
            """{"MessageSchemaVersion":"1.0","RequestId":"r","TokenValue":"t","ClientId":"","ClientInstanceId":"i-1"}""",
            Write(agent));
    }

    [Fact]
    public void Tokens_stay_out_of_the_text_of_objects()
    {
        Assert.DoesNotContain("hush", new OpenDataChannelInput { TokenValue = "hush" }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", new OpenControlChannelInput { TokenValue = "hush" }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_as_null_and_text_as_it_is()
    {
        string json = Encoding.UTF8.GetString(ProtocolJson.Write(
            new HandshakeResponsePayload
            {
                ClientVersion = "1.2.694.0",
                ProcessedClientActions =
                [
                    new ProcessedClientAction { ActionType = "X", ActionStatus = ProcessedClientAction.Failed, Error = "né <&>" },
                ],
            },
            ProtocolJson.Wire.HandshakeResponsePayload));

        Assert.Equal(
            """{"ClientVersion":"1.2.694.0","ProcessedClientActions":[{"ActionType":"X","ActionStatus":2,"ActionResult":null,"Error":"né <&>"}],"Errors":null}""",
            json);
    }

    private static string Write(OpenDataChannelInput input) =>
        Encoding.UTF8.GetString(ProtocolJson.Write(input, ProtocolJson.Wire.OpenDataChannelInput));
}
