namespace SsmTools.Sandbox.Ssm;

/// <summary>The message gateway as the SSM API needs it. Called without the world's lock.</summary>
internal interface ISessionBroker
{
    /// <summary>Whether the node's agent holds a control channel.</summary>
    bool IsConnected(string target);

    /// <summary>Opens the session's channel and tells the agent.</summary>
    /// <param name="start">The session.</param>
    /// <param name="isSecure">Whether the client is to come through TLS, as it did to ask.</param>
    SessionTicket Start(SessionStart start, bool isSecure);

    /// <summary>A new token for a living session, or null when there is none of that id.</summary>
    SessionTicket? Resume(string sessionId, bool isSecure);

    /// <summary>Ends the session for whoever has this ARN, or answers false when there is none of that id.</summary>
    bool Terminate(string sessionId, string callerArn);

    /// <summary>Closes a node's control channel and ends its sessions: it is no node any more.</summary>
    void Disconnect(string target);
}
