namespace SsmTools.Engine.Sessions;

/// <summary>
/// Tells whether what comes is a trickle: small messages in quick and even order, as real agents send whatever there is, a
/// kilobyte a millisecond. To be woken for each of them costs a reader twenty times what there is to be done. Answers to
/// questions look the same, but for the questions, and are not to be waited for.
/// </summary>
internal sealed class TrickleGauge(TimeProvider timeProvider)
{
    private const int LeastAverage = 512;
    private const int MostAverage = 2048;
    private const int LeastPerSecond = 100;
    private const int MostPerSecond = 2500;

    /// <summary>Messages that come for one that is sent, where nobody waits for each.</summary>
    private const int LeastForOneSent = 16;

    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    /// <summary>A trickle may falter for so long, as it does where the node or this computer has much else to do.</summary>
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(500);

    private long _since = timeProvider.GetTimestamp();
    private long? _firstAt;
    private long _lastAt;
    private int _messages;
    private long _bytes;
    private long _sent;

    /// <summary>A message came.</summary>
    public void Count(int length)
    {
        _messages++;
        _bytes += length;
    }

    /// <summary>
    /// For how long it has been one, as far as the last tenth of a second tells; one that faltered meanwhile still is. Null
    /// where it is none.
    /// </summary>
    /// <param name="sent">How many messages have been sent to the peer in all, without those that only acknowledge.</param>
    public TimeSpan? Look(long sent)
    {
        TimeSpan elapsed = timeProvider.GetElapsedTime(_since);
        if (elapsed >= s_period)
        {
            double perSecond = _messages / elapsed.TotalSeconds;
            bool isEven = perSecond <= MostPerSecond
                && _bytes >= (long)LeastAverage * _messages
                && _bytes <= (long)MostAverage * _messages
                && (sent - _sent) * LeastForOneSent <= _messages;
            long now = timeProvider.GetTimestamp();
            if (isEven && perSecond >= LeastPerSecond)
            {
                _lastAt = now;
                _firstAt ??= now;
            }
            else if (!isEven || timeProvider.GetElapsedTime(_lastAt, now) > s_tolerance)
            {
                _firstAt = null;
            }

            _since = now;
            _messages = 0;
            _bytes = 0;
            _sent = sent;
        }

        return _firstAt is { } first ? timeProvider.GetElapsedTime(first, _since) : null;
    }
}
