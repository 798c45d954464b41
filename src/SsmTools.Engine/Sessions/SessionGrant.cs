namespace SsmTools.Engine.Sessions;

/// <summary>The right to open one link to a session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="StreamUrl">Where to connect; empty means where one was connected before.</param>
/// <param name="Token">Goes into the first frame; a secret, good for one link.</param>
internal sealed record SessionGrant(string SessionId, string StreamUrl, string Token)
{
    /// <inheritdoc/>
    public override string ToString() => SessionId; // the token stays out of logs
}
