namespace SsmTools.Sandbox.Gateway;

/// <summary>The sorts of sockets that the gateway takes.</summary>
internal enum ChannelKind
{
    /// <summary>A node's control channel.</summary>
    Control,

    /// <summary>The agent's end of a data channel.</summary>
    Agent,

    /// <summary>The client's end of a data channel.</summary>
    Client,
}
