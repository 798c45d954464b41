using SsmTools.Sandbox.Ssm;

namespace SsmTools.Tests.Sandbox;

/// <summary>A gateway that notes what it is asked.</summary>
internal sealed class StubBroker : ISessionBroker
{
    public bool Connected { get; set; } = true;

    public List<SessionStart> Started { get; } = [];

    public List<string> Terminated { get; } = [];

    public bool IsConnected(string target) => Connected;

    public SessionTicket Start(SessionStart start, bool isSecure)
    {
        Started.Add(start);
        return new SessionTicket($"ws://127.0.0.1:1/v1/data-channel/{start.Session.SessionId}?role=publish_subscribe", "token-1");
    }

    public SessionTicket? Resume(string sessionId, bool isSecure) => new($"ws://127.0.0.1:1/v1/data-channel/{sessionId}", "token-2");

    public List<string> Disconnected { get; } = [];

    public void Disconnect(string target) => Disconnected.Add(target);

    public bool Terminate(string sessionId, string callerArn)
    {
        Terminated.Add(sessionId);
        return true;
    }
}
