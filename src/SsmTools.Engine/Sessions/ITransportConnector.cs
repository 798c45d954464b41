namespace SsmTools.Engine.Sessions;

/// <summary>Opens links.</summary>
internal interface ITransportConnector
{
    /// <summary>Opens a link to a stream URL as StartSession gave it.</summary>
    /// <exception cref="EngineException">There is no way to get there; the kind says whether trying again may help.</exception>
    Task<IMessageTransport> ConnectAsync(string streamUrl, CancellationToken cancellationToken);
}
