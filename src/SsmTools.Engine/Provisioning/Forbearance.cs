namespace SsmTools.Engine.Provisioning;

/// <summary>
/// Whoever looks how something fares bears a service that does not answer for a while: what was begun goes on meanwhile,
/// and the next look may tell. Not for calls that change something.
/// </summary>
internal sealed class Forbearance(TimeProvider timeProvider)
{
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(5);

    private long? _since;

    /// <summary>Whether a failure may be gone the next time: throttling, a broken connection, a service that is down.</summary>
    public static bool MayPass(EngineException error) => error.Kind
        is ErrorKind.LimitsExceeded or ErrorKind.ConnectionError or ErrorKind.OperationTimeout or ErrorKind.ResourceUnavailable;

    /// <summary>Whether a failed look is to be followed by another one.</summary>
    public bool Bears(EngineException error)
    {
        _since ??= timeProvider.GetTimestamp();
        return MayPass(error) && timeProvider.GetElapsedTime(_since.Value) < s_most;
    }

    /// <summary>A look told something.</summary>
    public void Answered() => _since = null;
}
