using SsmTools.Engine.Aws;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// How engine operations call a service: failures leave as <see cref="EngineException"/>, and as
/// <see cref="OperationCanceledException"/> exactly when the caller's own token fired.
/// </summary>
internal static class ServiceCall
{
    /// <summary>Makes a call whose every failure is an error.</summary>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call,
        string? target,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not EngineException)
        {
            throw Outward(exception, target, cancellationToken);
        }
    }

    /// <summary>Makes a call for which some error codes are an answer: nothing there, no right to know, done already.</summary>
    /// <returns>What the call returns; default where the service answered with one of the codes.</returns>
    public static async Task<T?> TryAsync<T>(
        Func<CancellationToken, Task<T>> call,
        string? target,
        string[] codes,
        CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not EngineException && AwsErrors.HasCode(exception, codes))
        {
            return null;
        }
        catch (Exception exception) when (exception is not EngineException)
        {
            throw Outward(exception, target, cancellationToken);
        }
    }

    /// <summary>Reads all pages into a list.</summary>
    public static Task<List<T>> ListAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> call,
        string? target,
        CancellationToken cancellationToken) => RunAsync(
            async token =>
            {
                List<T> items = [];
                await foreach (T item in call(token).ConfigureAwait(false))
                {
                    items.Add(item);
                }

                return items;
            },
            target,
            cancellationToken);

    /// <summary>The exception that leaves the engine for one that came from a client.</summary>
    public static Exception Outward(Exception exception, string? target, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The operation was cancelled.", exception, cancellationToken)
            : AwsErrors.Translate(exception, target);
}
