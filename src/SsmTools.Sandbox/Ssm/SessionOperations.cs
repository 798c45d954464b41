using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Sessions: starting, resuming and ending them through the gateway.</summary>
internal sealed class SessionOperations(ISessionBroker broker)
{
    public JsonObject GetConnectionStatus(ApiCall call)
    {
        string target = call.Required("Target");
        return new JsonObject { ["Target"] = target, ["Status"] = IsConnected(call.World, target) ? "connected" : "notconnected" };
    }

    public JsonObject Start(ApiCall call)
    {
        SandboxWorld world = call.World;
        string target = call.Required("Target");
        (string documentName, JsonObject document) = SessionDocuments.Find(world, call.Text("DocumentName"));
        JsonObject content = SessionDocuments.Fill(document, call.Input.Part("Parameters"), world.Preferences);
        if (world.FindNode(target) is { ActivationId: not null } && !IsAdvanced(world))
        {
            throw SsmErrors.StandardTier();
        }

        if (!IsConnected(world, target))
        {
            throw SsmErrors.NotConnected(target);
        }

        SessionRecord session = new()
        {
            SessionId = $"{call.Caller.Name}-0{world.Ids.Hex(16)}",
            Sequence = world.NextSequence(),
            Target = target,
            Owner = call.Caller.Arn,
            OwnerId = call.Caller.UserId,
            DocumentName = documentName,
            Reason = call.Text("Reason"),
            Started = world.Now,
        };
        lock (world.Gate)
        {
            world.Sessions.Add(session.SessionId, session);
        }

        try
        {
            return Ticket(
                session, broker.Start(new SessionStart(session, content.Text("sessionType")!, content), call.IsSecure));
        }
        catch
        {
            lock (world.Gate)
            {
                world.Sessions.Remove(session.SessionId);
            }

            throw;
        }
    }

    public JsonObject Resume(ApiCall call)
    {
        SessionRecord session = Find(call);

        // An ended session is answered without a token: clients take that as timed out.
        return Ticket(session, session.Ended is null ? broker.Resume(session.SessionId, call.IsSecure) : null);
    }

    public JsonObject Terminate(ApiCall call)
    {
        SessionRecord session = Find(call);
        if (session.Ended is null)
        {
            broker.Terminate(session.SessionId, call.Caller.Arn);
            lock (call.World.Gate)
            {
                session.Ended ??= call.World.Now;
                session.Status = "Terminated";
            }
        }

        return new JsonObject { ["SessionId"] = session.SessionId };
    }

    private static SessionRecord Find(ApiCall call)
    {
        string id = call.Required("SessionId");
        lock (call.World.Gate)
        {
            return call.World.Sessions.GetValueOrDefault(id) ?? throw SsmErrors.NoSession(id);
        }
    }

    private static JsonObject Ticket(SessionRecord session, SessionTicket? ticket)
    {
        return new JsonObject { ["SessionId"] = session.SessionId, ["TokenValue"] = ticket?.TokenValue, ["StreamUrl"] = ticket?.StreamUrl };
    }

    private static bool IsAdvanced(SandboxWorld world)
    {
        lock (world.Gate)
        {
            return world.Settings.Get(ServiceSettings.ActivationTier).Value == "advanced";
        }
    }

    private bool IsConnected(SandboxWorld world, string target)
    {
        return world.FindNode(target) is not null && broker.IsConnected(target);
    }
}
