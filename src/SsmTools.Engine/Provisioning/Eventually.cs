using SsmTools.Engine.Aws;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// Calls that may be refused for some seconds because what was just made, or just taken away, has not reached every
/// part of the service.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(30);

    /// <summary>Repeats a call while the service answers with one of the codes, for half a minute at most.</summary>
    /// <remarks>Failures leave as they came from the client: to be called within <see cref="ServiceCall"/>.</remarks>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call,
        string[] codes,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        Backoff backoff = new(timeProvider, s_first, s_longest, s_budget);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (AwsErrors.HasCode(exception, codes))
            {
                if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }
}
