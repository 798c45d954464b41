namespace SsmTools.Sandbox.Agents;

/// <summary>
/// The end of a session, in steps: the program ends, what it wrote is read, what was sent is acknowledged; each step
/// within a time of its own, because a client may be away.
/// </summary>
internal sealed class SessionEnding(TimeProvider timeProvider, TimeSpan patience)
{
    private long? _exitedAt;
    private long? _outputEndedAt;

    /// <summary>Whether the program has ended.</summary>
    public bool IsEnding => _exitedAt is not null;

    /// <summary>Whether there is nothing more to be read, or too much time has gone by.</summary>
    public bool HasOutputEnded => _outputEndedAt is not null;

    /// <summary>The program has ended.</summary>
    public void ProgramExited() => _exitedAt ??= timeProvider.GetTimestamp();

    /// <summary>So many bytes were read; none at the end.</summary>
    public void OutputRead(int count)
    {
        if (count == 0)
        {
            _outputEndedAt ??= timeProvider.GetTimestamp();
        }
    }

    /// <summary>Whether the session is over.</summary>
    /// <param name="isDrained">Whether all that was sent was acknowledged.</param>
    public bool IsOver(bool isDrained)
    {
        if (_outputEndedAt is null && Left(_exitedAt) == TimeSpan.Zero)
        {
            _outputEndedAt = timeProvider.GetTimestamp();
        }

        return _outputEndedAt is not null && (isDrained || Left(_outputEndedAt) == TimeSpan.Zero);
    }

    /// <summary>The sooner one of a deadline and the next step's.</summary>
    public TimeSpan? Sooner(TimeSpan? deadline)
    {
        TimeSpan? left = Left(_outputEndedAt ?? _exitedAt);
        return left is null || deadline < left ? deadline : left;
    }

    private TimeSpan? Left(long? since)
    {
        if (since is not long start)
        {
            return null;
        }

        TimeSpan left = patience - timeProvider.GetElapsedTime(start);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }
}
