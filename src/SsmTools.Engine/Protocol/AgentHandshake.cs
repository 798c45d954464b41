using System.Text.Json;

namespace SsmTools.Engine.Protocol;

/// <summary>The agent's half of the handshake (amazon-ssm-agent, session/datachannel/datachannel.go).</summary>
internal static class AgentHandshake
{
    /// <summary>The user reads this when the client does not answer; the words are the agent's.</summary>
    public const string TimedOut =
        "Handshake timed out. Please ensure that you have the latest version of the session manager plugin.";

    /// <summary>The request that announces a session.</summary>
    public static HandshakeRequestPayload Request(string agentVersion, SessionTypeParameters session) => new()
    {
        AgentVersion = agentVersion,
        RequestedClientActions =
        [
            new RequestedClientAction
            {
                ActionType = RequestedClientAction.SessionType,
                ActionParameters = JsonSerializer.SerializeToElement(session, ProtocolJson.Wire.SessionTypeParameters),
            },
        ],
    };

    /// <summary>The agent's words for the actions that a client did not process; null when it processed all.</summary>
    public static string? FindFailure(HandshakeResponsePayload response)
    {
        List<string> failures = [];
        foreach (ProcessedClientAction? action in response.ProcessedClientActions ?? [])
        {
            if (action is not null && action.ActionStatus != ProcessedClientAction.Success)
            {
                failures.Add($"{action.ActionType} failed on client with status {action.ActionStatus} error: {action.Error}");
            }
        }

        return failures.Count == 0 ? null : string.Join(Environment.NewLine, failures);
    }
}
