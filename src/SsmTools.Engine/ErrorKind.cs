namespace SsmTools.Engine;

/// <summary>
/// What sort of failure an <see cref="EngineException"/> reports. The names are those of PowerShell's ErrorCategory,
/// so that the cmdlets translate by name and the engine needs no PowerShell.
/// </summary>
public enum ErrorKind
{
    /// <summary>No usable credentials, expired ones, or ones that the service does not accept.</summary>
    AuthenticationError,

    /// <summary>The caller is known, but may not do this.</summary>
    PermissionDenied,

    /// <summary>What was named does not exist.</summary>
    ObjectNotFound,

    /// <summary>It exists, but cannot serve now: a node that is not connected, an instance that is stopped.</summary>
    ResourceUnavailable,

    /// <summary>It exists already and differs from what was asked for.</summary>
    ResourceExists,

    /// <summary>Something else holds it: a port in use, a role still attached.</summary>
    ResourceBusy,

    /// <summary>A quota, or throttling that outlasted the retries.</summary>
    LimitsExceeded,

    /// <summary>No connection, a broken one, or one that TLS refuses.</summary>
    ConnectionError,

    /// <summary>The other side answered with something that its protocol does not allow.</summary>
    ProtocolError,

    /// <summary>It took longer than the caller was ready to wait.</summary>
    OperationTimeout,

    /// <summary>A parameter that cannot be right.</summary>
    InvalidArgument,

    /// <summary>Not possible in the present state.</summary>
    InvalidOperation,
}
