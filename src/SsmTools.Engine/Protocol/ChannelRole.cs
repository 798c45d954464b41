namespace SsmTools.Engine.Protocol;

/// <summary>Which end of a data channel this is.</summary>
internal enum ChannelRole
{
    /// <summary>Sends input, receives output.</summary>
    Client,

    /// <summary>Receives input, sends output.</summary>
    Agent,
}
