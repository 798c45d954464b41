namespace SsmTools.Engine.Tunnels;

/// <summary>Connects, through the node, to whatever destination a connection asks for.</summary>
internal interface IStreamConnector
{
    /// <summary>
    /// Connects. That the node is refused by the destination shows later only, as the end of the stream with
    /// <see cref="IPortStream.WasRefused"/>: the agents' protocol tells nothing of a success.
    /// </summary>
    /// <param name="host">A name, which the node resolves, or an address without brackets.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException">No session with the node, or the node may not or cannot go there.</exception>
    ValueTask<IPortStream> ConnectAsync(string host, int port, CancellationToken cancellationToken);
}
