namespace SsmTools.Engine.Smux;

/// <summary>What can happen in a <see cref="SmuxSession"/>.</summary>
internal enum SmuxEventKind
{
    /// <summary>The peer opened a stream.</summary>
    Opened,

    /// <summary>Bytes of a stream came.</summary>
    Data,

    /// <summary>The peer closed its end of a stream: no more bytes of it will come.</summary>
    Finished,

    /// <summary>The session is over: the peer broke the protocol, or nothing came from it for too long.</summary>
    Broken,
}
