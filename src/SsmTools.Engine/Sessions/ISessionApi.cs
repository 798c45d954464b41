namespace SsmTools.Engine.Sessions;

/// <summary>The three calls that a session makes to the service beside its channel.</summary>
internal interface ISessionApi
{
    /// <summary>StartSession.</summary>
    /// <exception cref="EngineException">The service refused, or could not be reached.</exception>
    Task<SessionGrant> StartAsync(CancellationToken cancellationToken);

    /// <summary>ResumeSession: a new token for a session whose link is gone.</summary>
    /// <returns>Null when the session has ended meanwhile.</returns>
    /// <exception cref="EngineException">The service refused, or could not be reached.</exception>
    Task<SessionGrant?> ResumeAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>TerminateSession.</summary>
    /// <exception cref="EngineException">The service refused, or could not be reached.</exception>
    Task TerminateAsync(string sessionId, CancellationToken cancellationToken);
}
