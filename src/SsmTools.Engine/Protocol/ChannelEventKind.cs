namespace SsmTools.Engine.Protocol;

/// <summary>The sorts of <see cref="ChannelEvent"/>.</summary>
internal enum ChannelEventKind
{
    /// <summary>The type of the session is known; from now on data may be sent.</summary>
    Opened,

    /// <summary>The next piece of the peer's stream.</summary>
    Payload,

    /// <summary>The gateway ended the session. Nothing follows.</summary>
    Closed,

    /// <summary>The two ends could not agree. Nothing follows.</summary>
    Failed,

    /// <summary>The peer broke the protocol in a way that cannot be passed over. Nothing follows.</summary>
    Broken,

    /// <summary>The session is to be encrypted: <see cref="DataChannel.ProvideKey"/> is waited for.</summary>
    KeyNeeded,

    /// <summary>A frame was not believed, and dropped.</summary>
    Rejected,
}
