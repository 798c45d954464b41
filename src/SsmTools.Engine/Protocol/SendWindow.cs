namespace SsmTools.Engine.Protocol;

/// <summary>
/// How many bytes may be under way at once. It grows while they come back soon, and shrinks when they queue up somewhere
/// between the two ends or are lost: without that, two hundred sessions of one gateway fill it until every message is
/// sent five times. The references have no window at all (session-manager-plugin, datachannel/streaming.go).
/// </summary>
internal sealed class SendWindow(int most)
{
    private const int Least = 64 * 1024;
    private const int First = 128 * 1024;

    /// <summary>What a round trip may take beyond twice the shortest one before something must be queueing up.</summary>
    private static readonly TimeSpan s_jitter = TimeSpan.FromMilliseconds(25);

    private readonly int _least = Math.Min(Least, most);
    private long _shrunkAt;

    /// <summary>Bytes.</summary>
    public int Size { get; private set; } = Math.Min(First, most);

    /// <summary>Something came back.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="roundTrip">After what time.</param>
    /// <param name="shortest">The shortest time that any took on this link.</param>
    /// <param name="sending">Which sending it was.</param>
    /// <param name="newest">The newest sending: once it is back, the window has been tried at its size.</param>
    public void OnAcknowledged(int bytes, TimeSpan roundTrip, TimeSpan shortest, long sending, long newest)
    {
        if (roundTrip <= (2 * shortest) + s_jitter)
        {
            Size = Math.Min(most, Size + bytes);
        }
        else if (roundTrip > (4 * shortest) + (4 * s_jitter) && sending > _shrunkAt)
        {
            Shrink(newest, 3, 4);
        }
    }

    /// <summary>What was under way did not come back in time.</summary>
    /// <param name="newest">The newest sending.</param>
    public void OnTimeout(long newest) => Shrink(newest, 1, 2);

    private void Shrink(long newest, int numerator, int denominator)
    {
        Size = Math.Max(_least, (int)((long)Size * numerator / denominator));
        _shrunkAt = newest;
    }
}
