using System.Globalization;
using System.Text;
using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Ssm;

namespace SsmTools.Sandbox.Gateway;

/// <summary>The messages that the gateway itself writes.</summary>
internal sealed class GatewayMessages(TimeProvider clock)
{
    /// <summary>Tells an agent to start a session.</summary>
    public byte[] StartSession(SessionStart start)
    {
        SessionTask task = new()
        {
            SessionId = start.Session.SessionId,
            DocumentName = start.Session.DocumentName,
            DocumentContent = JsonSerializer.SerializeToElement(start.Document, JsonSerializerOptions.Default),
            SessionOwner = start.Session.Owner,
        };
        InteractiveShellPayload payload = new()
        {
            Content = Encoding.UTF8.GetString(ProtocolJson.Write(task, ProtocolJson.Wire.SessionTask)),
            TaskId = start.Session.SessionId,
            Topic = "aws.ssm.interactiveShell",
        };
        return Create(MessageType.InteractiveShell, ProtocolJson.Write(payload, ProtocolJson.Wire.InteractiveShellPayload));
    }

    /// <summary>Tells either side that the session is over.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="target">The node.</param>
    /// <param name="output">Words for the user; empty after a normal end.</param>
    public byte[] ChannelClosed(string sessionId, string target, string output)
    {
        Guid id = Guid.NewGuid();
        ChannelClosedPayload payload = new()
        {
            MessageId = id.ToString("D"),
            CreatedDate = Now().ToString(CultureInfo.InvariantCulture),
            DestinationId = target,
            SessionId = sessionId,
            MessageType = MessageType.ChannelClosed,
            Output = output,
        };
        return Create(MessageType.ChannelClosed, ProtocolJson.Write(payload, ProtocolJson.Wire.ChannelClosedPayload), id);
    }

    /// <summary>Tells an agent that its report was received.</summary>
    public byte[] TaskAcknowledge(Guid messageId, string? taskId)
    {
        AgentTaskAcknowledgePayload payload = new() { MessageId = messageId.ToString("D"), TaskId = taskId };
        return Create(
            MessageType.AgentTaskAcknowledge, ProtocolJson.Write(payload, ProtocolJson.Wire.AgentTaskAcknowledgePayload));
    }

    /// <summary>Tells an agent whether its client is there.</summary>
    public byte[] Publication(bool start) =>
        Create(start ? MessageType.StartPublication : MessageType.PausePublication, "{\"SchemaVersion\":1}"u8.ToArray());

    private byte[] Create(string type, byte[] payload, Guid? id = null) => AgentMessageCodec.Encode(new AgentMessage
    {
        MessageType = type,
        CreatedDate = (ulong)Now(),
        Flags = MessageFlags.SynFin,
        MessageId = id ?? Guid.NewGuid(),
        Payload = payload,
    });

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
