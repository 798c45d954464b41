namespace SsmTools.Engine.Commands;

/// <summary>A batch that is out.</summary>
internal sealed class RunningBatch(SentCommand command, long sentAt)
{
    private static readonly TimeSpan s_firstInterval = TimeSpan.FromSeconds(5);

    private long _lookedAt = sentAt;
    private TimeSpan _interval = s_firstInterval;

    public SentCommand Command => command;

    /// <summary>The nodes that were not told of yet.</summary>
    public HashSet<string> Awaited { get; } = new(command.InstanceIds, StringComparer.Ordinal);

    /// <summary>Whether all of it is done, or some more than when it was last looked at some time ago.</summary>
    /// <param name="completed">How many nodes the service says are done.</param>
    /// <param name="timeProvider">The clock.</param>
    public bool IsWorthALook(int completed, TimeProvider timeProvider)
    {
        int told = command.InstanceIds.Count - Awaited.Count;
        return completed >= command.InstanceIds.Count || (completed > told && timeProvider.GetElapsedTime(_lookedAt) >= _interval);
    }

    /// <summary>It was looked at: the next look at a part of it comes later.</summary>
    public void Looked(TimeProvider timeProvider)
    {
        _lookedAt = timeProvider.GetTimestamp();
        _interval *= 2;
    }
}
