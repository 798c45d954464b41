using System.Runtime.CompilerServices;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Walks through the pages of an answer.</summary>
internal static class WirePages
{
    /// <summary>
    /// Gives the items of all pages, each page asked for when the one before was used up. The request is lent: its token
    /// is changed on the way and is what it was at the end.
    /// </summary>
    public static async IAsyncEnumerable<TItem> ItemsAsync<TRequest, TResponse, TItem>(
        TRequest request,
        Func<TRequest, CancellationToken, Task<TResponse>> send,
        Func<TRequest, string?> getToken,
        Action<TRequest, string?> setToken,
        Func<TResponse, List<TItem>> items,
        Func<TResponse, string?> next,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? first = getToken(request);
        string? token = first;
        try
        {
            while (true)
            {
                TResponse page = await send(request, cancellationToken).ConfigureAwait(false);
                foreach (TItem item in items(page))
                {
                    yield return item;
                }

                // Some services end by repeating the token.
                string? following = next(page);
                if (string.IsNullOrEmpty(following) || following == token)
                {
                    yield break;
                }

                token = following;
                setToken(request, token);
            }
        }
        finally
        {
            setToken(request, first);
        }
    }
}
