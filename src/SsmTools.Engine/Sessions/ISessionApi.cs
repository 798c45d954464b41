using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Sessions;

/// <summary>The calls that a session makes beside its channel.</summary>
internal interface ISessionApi
{
    /// <summary>StartSession.</summary>
    /// <exception cref="EngineException">The service refused, or could not be reached.</exception>
    Task<SessionGrant> StartAsync(CancellationToken cancellationToken);

    /// <summary>ResumeSession: a new token for a session whose link is gone.</summary>
    /// <returns>Null when the session has ended meanwhile.</returns>
    /// <exception cref="EngineException">The service refused, or could not be reached.</exception>
    Task<SessionGrant?> ResumeAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>GenerateDataKey of AWS KMS: the key of an encrypted session.</summary>
    /// <exception cref="EngineException">KMS refused, or could not be reached.</exception>
    Task<SessionDataKey> GenerateDataKeyAsync(string sessionId, DataKeyNeed need, CancellationToken cancellationToken);

    /// <summary>GetConnectionStatus: whether the node's agent is connected to Systems Manager.</summary>
    /// <returns>Null when that cannot be asked.</returns>
    Task<bool?> IsNodeConnectedAsync(CancellationToken cancellationToken);

    /// <summary>TerminateSession.</summary>
    /// <exception cref="EngineException">The service refused, or could not be reached.</exception>
    Task TerminateAsync(string sessionId, CancellationToken cancellationToken);
}
