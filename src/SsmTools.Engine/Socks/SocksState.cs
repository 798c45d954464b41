namespace SsmTools.Engine.Socks;

/// <summary>Where a <see cref="SocksNegotiation"/> stands.</summary>
internal enum SocksState
{
    /// <summary>The client has not named its ways to authenticate yet.</summary>
    Greeting,

    /// <summary>The client has not said yet what it wants.</summary>
    Request,

    /// <summary>It wants a connection, and waits to hear whether there is one.</summary>
    Connecting,

    /// <summary>It has its connection; what else it sends is for the far side.</summary>
    Connected,

    /// <summary>It was told why not, and its connection is to be closed.</summary>
    Refused,

    /// <summary>It does not speak SOCKS 5: its connection is to be closed without a word.</summary>
    Broken,
}
