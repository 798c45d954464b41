using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>What agents report, and what they ask for. Associations come to them as commands: they have none to run by themselves.</summary>
internal static class AgentOperations
{
    public static JsonObject UpdateInstanceInformation(ApiCall call)
    {
        string id = CheckedId(call, "InstanceId");
        call.World.Report(id, new NodeReport
        {
            AgentVersion = call.Text("AgentVersion"),
            PlatformType = call.Text("PlatformType"),
            PlatformName = call.Text("PlatformName"),
            PlatformVersion = call.Text("PlatformVersion"),
            ComputerName = call.Text("ComputerName"),
            IpAddress = call.Text("IPAddress"),
            IsLeaving = call.Text("AgentStatus") == "Inactive",
        });
        if (call.World.Instances.TryGetValue(id, out InstanceRecord? instance))
        {
            // The sandbox's own agents call this under a name of their own: one from outside has taken the place of this instance's.
            instance.HasOutsideAgent |= call.Text("AgentName") != Agents.AgentReports.Name;
        }

        return [];
    }

    public static JsonObject ListInstanceAssociations(ApiCall call)
    {
        CheckedId(call, "InstanceId");
        return new JsonObject { ["Associations"] = new JsonArray() };
    }

    /// <summary>Takes an agent's report about what nobody asks for here.</summary>
    public static Func<ApiCall, JsonObject> Take(string idMember) => call =>
    {
        CheckedId(call, idMember);
        return [];
    };

    private static string CheckedId(ApiCall call, string member)
    {
        string id = call.Required(member);
        return AgentRights.SpeaksFor(call.World, call.Caller, id) ? id : throw SsmErrors.NotYourself(call.Caller.Arn, id);
    }
}
