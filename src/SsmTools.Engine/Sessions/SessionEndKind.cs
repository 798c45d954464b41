namespace SsmTools.Engine.Sessions;

/// <summary>How a session came to its end.</summary>
public enum SessionEndKind
{
    /// <summary>The shell or command on the node ended by itself.</summary>
    Exited,

    /// <summary>The service or the agent ended it, and said why: idle, too long, terminated, failed.</summary>
    Closed,

    /// <summary>The link was lost, and the service did not know the session any more when it was to be resumed.</summary>
    Expired,

    /// <summary>The link was lost, and somebody pressed Ctrl-C rather than wait for it.</summary>
    Abandoned,

    /// <summary>What was to show the output was closed.</summary>
    OutputClosed,

    /// <summary>Somebody left by the escape for it, and the session was terminated.</summary>
    Left,
}
