using System.Text;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.Agents;

/// <summary>The agent's side of an open control channel.</summary>
internal sealed class AgentControl(
    AgentSocket socket, AgentSessions sessions, AgentCommands commands, Func<bool> mayStay, AgentSettings settings)
{
    /// <summary>How often the agent notices that its rights are gone; the real one by the failure of its reports.</summary>
    private static readonly TimeSpan s_check = TimeSpan.FromMinutes(1);

    /// <summary>Serves the channel until it is lost or the agent has to leave it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using LinkedDeadline stop = new(Timeout.InfiniteTimeSpan, settings.Clock, cancellationToken);
        sessions.Attach(socket);
        commands.Attach(socket);
        using ITimer check = settings.Clock.CreateTimer(_ => CheckRights(stop), null, s_check, s_check);
        try
        {
            while (await socket.ReadAsync(stop.Token).ConfigureAwait(false) is byte[] frame)
            {
                Receive(frame);
            }
        }
        finally
        {
            sessions.Detach(socket);
            commands.Detach(socket);
        }
    }

    /// <summary>Says good-bye where the node may no longer be one. Its sessions go on, as they do in AWS.</summary>
    private void CheckRights(LinkedDeadline stop)
    {
        if (!mayStay())
        {
            _ = LeaveAsync(stop);
        }
    }

    private async Task LeaveAsync(LinkedDeadline stop)
    {
        await socket.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            // The gateway answers by hanging up; if not, this end does.
            stop.CancelAfter(TimeSpan.FromSeconds(2));
        }
        catch (ObjectDisposedException)
        {
            // It did.
        }
    }

    private void Receive(byte[] frame)
    {
        if (AgentMessageCodec.Decode(frame, out AgentMessage message) != FrameError.None)
        {
            return;
        }

        ReadOnlySpan<byte> payload = message.Payload.Span;
        switch (message.MessageType)
        {
            case MessageType.InteractiveShell
                when ProtocolJson.TryRead(payload, ProtocolJson.Wire.InteractiveShellPayload, out InteractiveShellPayload? shell) &&
                    ProtocolJson.TryRead(Encoding.UTF8.GetBytes(shell.Content ?? ""), ProtocolJson.Wire.SessionTask, out SessionTask? task) &&
                    !string.IsNullOrEmpty(task.SessionId):
                sessions.Start(task);
                break;
            case MessageType.ChannelClosed
                when ProtocolJson.TryRead(payload, ProtocolJson.Wire.ChannelClosedPayload, out ChannelClosedPayload? closed):
                sessions.End(closed.SessionId ?? "");
                break;
            case MessageType.AgentTaskAcknowledge
                when ProtocolJson.TryRead(payload, ProtocolJson.Wire.AgentTaskAcknowledgePayload, out AgentTaskAcknowledgePayload? receipt):
                sessions.Acknowledge(receipt.MessageId ?? "");
                break;
            case MessageType.AgentJob when CommandMessages.ReadJob(message.Payload) is { } job:
                commands.Take(job.JobId, message.MessageId, job.Content, job.IsCancel);
                break;
            case MessageType.AgentJobReplyAck when CommandMessages.ReadReplyReceipt(message.Payload) is { } reply:
                commands.Acknowledge(reply);
                break;
            default:
                break;
        }
    }
}
