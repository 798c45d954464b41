namespace SsmTools.Sandbox.Faults;

/// <summary>What a fault acts on, and so which options it takes.</summary>
internal enum FaultArea
{
    /// <summary>Messages between client and agent.</summary>
    Messages,

    /// <summary>The sockets of clients and agents.</summary>
    Links,

    /// <summary>Asking for a link again.</summary>
    Resumes,

    /// <summary>API calls.</summary>
    Calls,
}
