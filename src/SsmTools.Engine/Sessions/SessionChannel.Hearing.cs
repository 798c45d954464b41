namespace SsmTools.Engine.Sessions;

/// <summary>Whether the node is still there, for who would rather know before something depends on it.</summary>
internal sealed partial class SessionChannel
{
    private TaskCompletionSource? _nextHeard;
    private long _heardAt;

    /// <summary>For how long nothing has come from the node itself.</summary>
    public TimeSpan Silence => _timeProvider.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>Completes when the next thing comes from the node itself; never, where nothing does any more.</summary>
    public Task WhenHeard()
    {
        lock (_lock)
        {
            _nextHeard ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _nextHeard.Task;
        }
    }

    private void OnHeard()
    {
        TaskCompletionSource? heard;
        lock (_lock)
        {
            (heard, _nextHeard) = (_nextHeard, null);
        }

        Volatile.Write(ref _heardAt, _timeProvider.GetTimestamp());
        heard?.TrySetResult();
    }
}
