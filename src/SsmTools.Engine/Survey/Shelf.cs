namespace SsmTools.Engine.Survey;

/// <summary>Things of one kind by their ids, each asked for once, as many at a time as the API takes.</summary>
/// <param name="size">How many ids a call takes.</param>
/// <param name="read">Asks for some ids; what it does not return does not exist.</param>
/// <typeparam name="T">The kind.</typeparam>
internal sealed class Shelf<T>(
    int size, Func<string[], CancellationToken, Task<Reading<IReadOnlyDictionary<string, T>>>> read)
    where T : class
{
    private readonly Dictionary<string, Reading<T>> _things = new(StringComparer.Ordinal);

    /// <summary>Asks for those that were not asked for yet.</summary>
    public async Task FillAsync(IEnumerable<string?> ids, CancellationToken cancellationToken)
    {
        string[] wanted = [.. ids.OfType<string>().Where(id => !_things.ContainsKey(id)).Distinct()];
        foreach (string[] batch in wanted.Chunk(size))
        {
            Reading<IReadOnlyDictionary<string, T>> found = await read(batch, cancellationToken).ConfigureAwait(false);
            foreach (string id in batch)
            {
                _things[id] = found.Obstacle is { } obstacle ? obstacle : new Reading<T>(found.Value!.GetValueOrDefault(id));
            }
        }
    }

    /// <summary>One that was asked for; null where it does not exist, was not asked for, or nobody names it.</summary>
    public Reading<T> Get(string? id) => id is null ? default : _things.GetValueOrDefault(id);
}
