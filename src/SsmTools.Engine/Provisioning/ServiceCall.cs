using System.Runtime.CompilerServices;
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
        catch (Exception exception) when (AwsErrors.HasCode(exception, codes))
        {
            // Also where the call was one that had made an error of it already: a listing of all pages.
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
            token => ReadAsync(call(token), token),
            target,
            cancellationToken);

    /// <summary>Reads all pages into a list; null where the service answers with one of the codes.</summary>
    public static Task<List<T>?> TryListAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> call,
        string? target,
        string[] codes,
        CancellationToken cancellationToken) => TryAsync(
            token => ReadAsync(call(token), token),
            target,
            codes,
            cancellationToken);

    /// <summary>Passes items on as they come, and turns failures into what leaves the engine.</summary>
    /// <param name="items">The items.</param>
    /// <param name="denied">Told when the caller may not ask, which then ends the items; null to have that thrown.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <param name="target">What the listing is of.</param>
    public static async IAsyncEnumerable<T> GuardAsync<T>(
        IAsyncEnumerable<T> items,
        Action<EngineException>? denied,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        string? target = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ConfiguredCancelableAsyncEnumerable<T>.Enumerator next =
            items.WithCancellation(cancellationToken).ConfigureAwait(false).GetAsyncEnumerator();
        try
        {
            while (await MoveAsync().ConfigureAwait(false))
            {
                yield return next.Current;
            }
        }
        finally
        {
            await next.DisposeAsync();
        }

        async Task<bool> MoveAsync()
        {
            try
            {
                return await next.MoveNextAsync();
            }
            catch (Exception exception) when (exception is not EngineException)
            {
                Exception outward = Outward(exception, target, cancellationToken);
                if (denied is null || outward is not EngineException { Kind: ErrorKind.PermissionDenied } refusal)
                {
                    throw outward;
                }

                denied(refusal);
                return false;
            }
        }
    }

    /// <summary>Gathers items into windows: a small first one that comes soon, then full ones.</summary>
    public static async IAsyncEnumerable<List<T>> InWindowsAsync<T>(
        IAsyncEnumerable<T> items,
        int first,
        int others,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<T> window = new(first);
        int size = first;
        await foreach (T item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            window.Add(item);
            if (window.Count == size)
            {
                yield return window;
                window = new List<T>(others);
                size = others;
            }
        }

        if (window.Count > 0)
        {
            yield return window;
        }
    }

    private static async Task<List<T>> ReadAsync<T>(IAsyncEnumerable<T> pages, CancellationToken cancellationToken)
    {
        List<T> items = [];
        await foreach (T item in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            items.Add(item);
        }

        return items;
    }

    /// <summary>The exception that leaves the engine for one that came from a client.</summary>
    public static Exception Outward(Exception exception, string? target, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The operation was cancelled.", exception, cancellationToken)
            : AwsErrors.Translate(exception, target);
}
