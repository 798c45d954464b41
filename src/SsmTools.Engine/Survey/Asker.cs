using System.Collections.Concurrent;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Survey;

/// <summary>
/// Asks AWS, and takes no for an answer: a right that is missing, or a call that fails, makes a gap in what is known. An
/// action that was denied once is not called again.
/// </summary>
internal sealed class Asker
{
    private readonly ConcurrentDictionary<string, Obstacle> _denied = new(StringComparer.Ordinal);

    /// <summary>Makes one call, or one listing.</summary>
    /// <param name="action">As policies name it: <c>ec2:DescribeSubnets</c>.</param>
    /// <param name="call">What calls it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The credentials are of no use at all.</exception>
    public async Task<Reading<T>> AskAsync<T>(
        string action, Func<CancellationToken, Task<T?>> call, CancellationToken cancellationToken)
    {
        if (_denied.TryGetValue(action, out Obstacle? known))
        {
            return known;
        }

        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (AwsErrors.HasCode(exception, ServiceCodes.Denied))
        {
            return _denied.GetOrAdd(action, Obstacle.Denied(action));
        }
        catch (Exception exception)
        {
            Exception outward = ServiceCall.Outward(exception, null, cancellationToken);
            return outward is EngineException { Kind: not ErrorKind.AuthenticationError } failure
                ? new Obstacle(action, $"failed: {failure.Message.TrimEnd('.')}")
                : throw outward;
        }
    }

    /// <summary>The same, where some error codes say that there is no such thing.</summary>
    public Task<Reading<T>> FindAsync<T>(
        string action, string[] absent, Func<CancellationToken, Task<T?>> call, CancellationToken cancellationToken)
        where T : class => AskAsync(
            action,
            async token =>
            {
                try
                {
                    return await call(token).ConfigureAwait(false);
                }
                catch (Exception exception) when (AwsErrors.HasCode(exception, absent))
                {
                    return null;
                }
            },
            cancellationToken);

    /// <summary>Reads all pages.</summary>
    public Task<Reading<List<T>>> ListAsync<T>(
        string action, Func<CancellationToken, IAsyncEnumerable<T>> call, CancellationToken cancellationToken) => AskAsync(
            action,
            async token =>
            {
                List<T>? items = [];
                await foreach (T item in call(token).ConfigureAwait(false))
                {
                    items.Add(item);
                }

                return (List<T>?)items;
            },
            cancellationToken);
}
