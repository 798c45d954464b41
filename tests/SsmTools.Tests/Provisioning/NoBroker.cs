using SsmTools.Sandbox.Ssm;

namespace SsmTools.Tests.Provisioning;

/// <summary>No sessions.</summary>
internal sealed class NoBroker : ISessionBroker
{
    public bool IsConnected(string target) => false;

    public SessionTicket Start(SessionStart start, bool isSecure) => throw new NotSupportedException();

    public SessionTicket? Resume(string sessionId, bool isSecure) => null;

    public bool Terminate(string sessionId, string callerArn) => false;

    public void Disconnect(string target)
    {
    }
}
