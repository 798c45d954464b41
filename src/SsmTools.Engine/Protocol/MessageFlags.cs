namespace SsmTools.Engine.Protocol;

/// <summary>The flags of a message's header. Nobody reads them; they are sent as the references send them.</summary>
[Flags]
internal enum MessageFlags : ulong
{
    /// <summary>An ordinary stream data message.</summary>
    None = 0,

    /// <summary>The agent's first stream data message.</summary>
    Syn = 1,

    /// <summary>Never set on stream data by the references.</summary>
    Fin = 2,

    /// <summary>A message outside any stream: an acknowledgement or a state.</summary>
    SynFin = Syn | Fin,
}
