namespace SsmTools.Engine.Sessions;

/// <summary>What became of a command.</summary>
public enum CommandStatus
{
    /// <summary>It ended with exit code 0.</summary>
    Success,

    /// <summary>It ended with another exit code, or could not be started.</summary>
    Failed,

    /// <summary>It ended; with what exit code the document of the session lets nobody know.</summary>
    Completed,

    /// <summary>The session ended before the command did.</summary>
    Incomplete,
}
