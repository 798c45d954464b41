namespace SsmTools.Engine.Smux;

/// <summary>What a frame says (xtaci/smux, frame.go).</summary>
internal enum SmuxCommand : byte
{
    /// <summary>A stream is opened.</summary>
    Open = 0,

    /// <summary>A stream is closed by the sender.</summary>
    Finish = 1,

    /// <summary>Bytes of a stream.</summary>
    Push = 2,

    /// <summary>Keep-alive; says nothing else.</summary>
    Nop = 3,
}
