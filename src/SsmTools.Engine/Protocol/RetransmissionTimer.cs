namespace SsmTools.Engine.Protocol;

/// <summary>
/// The estimate of the round trip and what follows from it for resends: constants and formulas of both references
/// (session-manager-plugin, datachannel/streaming.go, calculateRetransmissionTimeout; config/config.go).
/// </summary>
internal sealed class RetransmissionTimer
{
    /// <summary>The references' ceiling.</summary>
    public static readonly TimeSpan ReferenceCeiling = TimeSpan.FromSeconds(1);

    private const double SmoothingGain = 1.0 / 8;
    private const double VariationGain = 1.0 / 4;
    private const double GranularityMilliseconds = 10;

    private readonly double _ceiling;
    private readonly double _floor;
    private double _smoothed;
    private double _variation;
    private double _timeout;

    /// <summary>Creates the estimate that both references begin with: 100 ms, no variation, a time-out of 200 ms.</summary>
    /// <param name="ceiling">The longest time-out.</param>
    /// <param name="smoothed">Another first estimate of the round trip.</param>
    /// <param name="floor">The shortest time-out.</param>
    public RetransmissionTimer(TimeSpan ceiling, TimeSpan? smoothed = null, TimeSpan floor = default)
    {
        _ceiling = ceiling.TotalMilliseconds;
        _floor = floor.TotalMilliseconds;
        _smoothed = smoothed?.TotalMilliseconds ?? 100;
        _timeout = 200;
    }

    /// <summary>The smoothed round-trip time.</summary>
    public TimeSpan RoundTrip => TimeSpan.FromMilliseconds(_smoothed);

    /// <summary>The smoothed deviation from it.</summary>
    public TimeSpan Variation => TimeSpan.FromMilliseconds(_variation);

    /// <summary>How long to wait for an acknowledgement before sending again.</summary>
    public TimeSpan Timeout => TimeSpan.FromMilliseconds(_timeout);

    /// <summary>Takes a measured round trip in. Not to be called for what was sent more than once (Karn's rule).</summary>
    public void Sample(TimeSpan roundTrip)
    {
        double sample = roundTrip.TotalMilliseconds;
        _variation = ((1 - VariationGain) * _variation) + (VariationGain * Math.Abs(_smoothed - sample));
        _smoothed = ((1 - SmoothingGain) * _smoothed) + (SmoothingGain * sample);
        _timeout = Math.Min(_ceiling, Math.Max(_floor, _smoothed + Math.Max(GranularityMilliseconds, 4 * _variation)));
    }

    /// <summary>
    /// Doubles the time-out after it ran out, up to the ceiling, until the next sample. Without it a round trip longer
    /// than the time-out would be resent for ever, and by Karn's rule never measured.
    /// </summary>
    public void BackOff() => _timeout = Math.Min(_ceiling, _timeout * 2);
}
