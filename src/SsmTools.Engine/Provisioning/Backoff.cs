namespace SsmTools.Engine.Provisioning;

/// <summary>Growing, jittered pauses within a budget; time comes from the TimeProvider, so that tests turn it.</summary>
internal sealed class Backoff
{
    private readonly TimeProvider _timeProvider;
    private readonly Random _random;
    private readonly TimeSpan _longest;
    private readonly TimeSpan _budget;
    private readonly long _start;
    private TimeSpan _next;

    /// <summary>Starts the budget.</summary>
    public Backoff(TimeProvider timeProvider, TimeSpan first, TimeSpan longest, TimeSpan budget, Random? random = null)
    {
        _timeProvider = timeProvider;
        _random = random ?? Random.Shared;
        _next = first;
        _longest = longest;
        _budget = budget;
        _start = timeProvider.GetTimestamp();
    }

    /// <summary>How long this has gone on.</summary>
    public TimeSpan Elapsed => _timeProvider.GetElapsedTime(_start);

    /// <summary>Pauses, or says at once that the budget is used up.</summary>
    /// <returns>True after a pause; false when there is no time left for one.</returns>
    public async Task<bool> PauseAsync(CancellationToken cancellationToken)
    {
        TimeSpan left = _budget - Elapsed;
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        // Between half and the whole: many callers that failed together do not come back together.
        TimeSpan pause = _next * (0.5 + (_random.NextDouble() / 2));
        _next = _next * 1.6 < _longest ? _next * 1.6 : _longest;
        await Task.Delay(pause < left ? pause : left, _timeProvider, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
