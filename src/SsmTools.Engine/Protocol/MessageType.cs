using System.Text;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// The names of messages, as they stand in the header (session-manager-plugin, message/clientmessage.go;
/// amazon-ssm-agent, session/contracts/model.go).
/// </summary>
internal static class MessageType
{
    /// <summary>Client to agent, sequenced.</summary>
    public const string InputStreamData = "input_stream_data";

    /// <summary>Agent to client, sequenced.</summary>
    public const string OutputStreamData = "output_stream_data";

    /// <summary>Receipt for one stream data message, both ways.</summary>
    public const string Acknowledge = "acknowledge";

    /// <summary>From the gateway: the session is over.</summary>
    public const string ChannelClosed = "channel_closed";

    /// <summary>From the gateway: the other side can be reached.</summary>
    public const string StartPublication = "start_publication";

    /// <summary>From the gateway: the other side cannot be reached.</summary>
    public const string PausePublication = "pause_publication";

    /// <summary>Agent to gateway: connected, terminating.</summary>
    public const string AgentSessionState = "agent_session_state";

    /// <summary>Gateway to agent, control channel: start a session of any type.</summary>
    public const string InteractiveShell = "interactive_shell";

    /// <summary>Agent to gateway, control channel: a session ended, with its result.</summary>
    public const string AgentTaskComplete = "agent_task_complete";

    /// <summary>Gateway to agent, control channel: receipt for <see cref="AgentTaskComplete"/>.</summary>
    public const string AgentTaskAcknowledge = "agent_task_acknowledge";

    /// <summary>Gateway to agent, control channel: Run Command.</summary>
    public const string AgentJob = "agent_job";

    /// <summary>Agent to gateway, control channel: receipt for <see cref="AgentJob"/>.</summary>
    public const string AgentJobAck = "agent_job_ack";

    /// <summary>Agent to gateway, control channel: result of Run Command.</summary>
    public const string AgentJobReply = "agent_job_reply";

    /// <summary>Gateway to agent, control channel: receipt for <see cref="AgentJobReply"/>.</summary>
    public const string AgentJobReplyAck = "agent_job_reply_ack";

    /// <summary>The names in the order of their frequency on the wire, with their bytes, so that reading allocates nothing.</summary>
    private static readonly (string Name, byte[] Bytes)[] s_known = [.. new[]
    {
        Acknowledge, OutputStreamData, InputStreamData, AgentSessionState, ChannelClosed, StartPublication,
        PausePublication, InteractiveShell, AgentTaskComplete, AgentTaskAcknowledge, AgentJob, AgentJobAck,
        AgentJobReply, AgentJobReplyAck,
    }.Select(name => (name, Encoding.ASCII.GetBytes(name)))];

    /// <summary>Whether messages of this name carry a sequence number and are acknowledged.</summary>
    public static bool IsStreamData(string messageType) => messageType is InputStreamData or OutputStreamData;

    /// <summary>Whether the service sends this message with a length and digest that do not fit.</summary>
    public static bool IsPublication(string messageType) => messageType is StartPublication or PausePublication;

    /// <summary>The name in a header's field: padding of NUL bytes, then of white space, is taken off both ends.</summary>
    public static string Read(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> text = field.Trim((byte)0).Trim(" \t\r\n\v\f"u8);
        foreach ((string name, byte[] bytes) in s_known)
        {
            if (text.SequenceEqual(bytes))
            {
                return name;
            }
        }

        return Encoding.UTF8.GetString(text);
    }
}
