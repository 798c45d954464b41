namespace SsmTools.Sandbox.Faults;

/// <summary>What can be made to go wrong.</summary>
internal enum FaultKind
{
    /// <summary>A message is lost.</summary>
    Drop,

    /// <summary>A message arrives twice.</summary>
    Duplicate,

    /// <summary>A message arrives behind later ones.</summary>
    Reorder,

    /// <summary>A message, and all behind it, arrives late.</summary>
    Delay,

    /// <summary>One bit of a message's payload is turned.</summary>
    Corrupt,

    /// <summary>Messages reach the agent one by one, with a pause after each.</summary>
    SlowAgent,

    /// <summary>A link ends: with a close frame, or by going away.</summary>
    Close,

    /// <summary>A link stays open, but nothing is read or written any more.</summary>
    HalfOpen,

    /// <summary>ResumeSession answers without a token, or that there is no such session.</summary>
    RefusedResume,

    /// <summary>The token in the first message of a client's link is refused.</summary>
    ExpiredToken,

    /// <summary>An API call is answered with throttling.</summary>
    Throttle,

    /// <summary>An API call is answered with an internal error.</summary>
    ServerError,

    /// <summary>An API call is answered late.</summary>
    ApiDelay,

    /// <summary>An API call is told that its credentials have expired.</summary>
    ExpiredCredentials,
}
