using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ssm;

/// <summary>
/// The older way to agents, ec2messages: there is never a message, and the answer that says so comes late, because agents
/// ask again at once (amazon-ssm-agent, runcommand/mds).
/// </summary>
internal static class MessageDeliveryApi
{
    /// <summary>The call that is kept waiting.</summary>
    public const string Poll = "GetMessages";

    /// <summary>For how long. Agents take an answer within 10 seconds for a sign of trouble.</summary>
    public static readonly TimeSpan PollTime = TimeSpan.FromSeconds(20);

    public static OperationTable Create()
    {
        return new OperationTable()
            .Add(Poll, GetMessages)
            .Add("AcknowledgeMessage", Unknown)
            .Add("DeleteMessage", Unknown)
            .Add("FailMessage", Unknown)
            .Add("SendReply", Unknown);
    }

    private static JsonObject GetMessages(ApiCall call)
    {
        string id = call.Required("Destination");
        return AgentRights.SpeaksFor(call.World, call.Caller, id)
            ? new JsonObject
            {
                ["Destination"] = id,
                ["Messages"] = new JsonArray(),
                ["MessagesRequestId"] = call.Required("MessagesRequestId"),
            }
            : throw SsmErrors.NotYourself(call.Caller.Arn, id);
    }

    private static JsonObject Unknown(ApiCall call) =>
        throw new ServiceError("InvalidMessageId", $"There is no message {call.Required("MessageId")}.");
}
