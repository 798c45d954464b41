namespace SsmTools.Sandbox.Gateway;

/// <summary>One side of one channel, as tokens are issued for it.</summary>
/// <param name="Kind">Which channel and side.</param>
/// <param name="Id">The node's id for control channels, the session's for data channels.</param>
internal readonly record struct ChannelKey(ChannelKind Kind, string Id);
