namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The difference between what is wanted and what is there: the changes, in the order in which they must be made, and
/// the way to read the result once they were. Making a plan calls nothing that changes anything.
/// </summary>
/// <typeparam name="TResult">What there is when every change was made.</typeparam>
public sealed class Plan<TResult>
{
    private readonly Func<CancellationToken, Task<TResult>> _result;

    internal Plan(IReadOnlyList<PlannedChange> changes, Func<CancellationToken, Task<TResult>> result)
    {
        Changes = changes;
        _result = result;
    }

    /// <summary>The changes, in order; empty when all is as it should be.</summary>
    public IReadOnlyList<PlannedChange> Changes { get; }

    /// <summary>Sentences that the user should read before the changes are made; mostly empty.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>What reading the result waits for, for example <c>the endpoints to serve</c>; null where it does not.</summary>
    public string? Awaited { get; internal init; }

    /// <summary>
    /// What was asked for and cannot be done, one for each item (its name or id is in
    /// <see cref="EngineException.Target"/>); the changes do the rest. A plan for one item alone throws instead.
    /// </summary>
    public IReadOnlyList<EngineException> Problems { get; internal init; } = [];

    /// <summary>Reads what there is. To be called when every change was applied.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<TResult> GetResultAsync(CancellationToken cancellationToken) => _result(cancellationToken);

    /// <summary>Makes every change in order and reads the result, for callers who ask nobody.</summary>
    /// <param name="cancellationToken">Ends the run between or within changes; a new plan goes on from there.</param>
    /// <exception cref="EngineException">
    /// A change failed; or all were made, and the first of <see cref="Problems"/> is left to be told.
    /// </exception>
    public async Task<TResult> ApplyAsync(CancellationToken cancellationToken)
    {
        foreach (PlannedChange change in Changes)
        {
            await change.ApplyAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Problems.Count > 0)
        {
            throw Problems[0];
        }

        return await GetResultAsync(cancellationToken).ConfigureAwait(false);
    }
}
