using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>A plan in the making: changes in order, each once, and what the user should know.</summary>
internal sealed class RepairDraft
{
    private readonly List<Func<CancellationToken, Task>> _awaited = [];
    private readonly HashSet<string> _mended = new(StringComparer.Ordinal);

    /// <summary>The changes, in the order in which they must be made.</summary>
    public List<PlannedChange> Changes { get; } = [];

    /// <summary>What the user should know before.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>What could not be planned.</summary>
    public List<EngineException> Problems { get; } = [];

    /// <summary>What is waited for at the end; null for nothing.</summary>
    public string? Awaited { get; private set; }

    /// <summary>The nodes that the changes help.</summary>
    public IReadOnlyCollection<string> Mended => _mended;

    /// <summary>Adds a change.</summary>
    /// <param name="nodes">The nodes that it helps.</param>
    /// <param name="target">What is changed.</param>
    /// <param name="action">What is done to it.</param>
    /// <param name="apply">Does it.</param>
    public void Change(IEnumerable<string> nodes, string target, string action, Func<CancellationToken, Task> apply) =>
        Take(nodes, [new PlannedChange(target, action, apply)]);

    /// <summary>Adds the changes of a plan for something that nodes need.</summary>
    /// <param name="nodes">The nodes that they help.</param>
    /// <param name="plan">The plan; its result is awaited before an instance is switched on again.</param>
    public void Take<T>(IEnumerable<string> nodes, Plan<T> plan)
    {
        Warnings.AddRange(plan.Warnings);
        Problems.AddRange(plan.Problems);
        if (plan.Changes.Count > 0)
        {
            Take(nodes, plan.Changes);
            _awaited.Add(token => plan.GetResultAsync(token));
            Awaited ??= plan.Awaited;
        }
    }

    /// <summary>Waits for what is on its way already.</summary>
    /// <param name="nodes">The nodes that it helps.</param>
    /// <param name="what">What is waited for, in words.</param>
    /// <param name="wait">Waits.</param>
    public void Await(IEnumerable<string> nodes, string what, Func<CancellationToken, Task> wait)
    {
        _mended.UnionWith(nodes);
        _awaited.Add(wait);
        Awaited ??= what;
    }

    /// <summary>Plans for one thing; what is refused there keeps nothing else from being repaired.</summary>
    /// <exception cref="EngineException">AWS does not know the caller: nothing else would go better.</exception>
    public async Task AttemptAsync(Func<Task> plan)
    {
        try
        {
            await plan().ConfigureAwait(false);
        }
        catch (EngineException exception) when (exception.Kind != ErrorKind.AuthenticationError)
        {
            Problems.Add(exception);
        }
    }

    /// <summary>Waits until what was made serves: an agent that came too early would sleep again.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (Func<CancellationToken, Task> wait in _awaited)
        {
            await wait(cancellationToken).ConfigureAwait(false);
        }

        _awaited.Clear();
    }

    /// <summary>The first few of many, for words.</summary>
    public static string Some(IEnumerable<string> names) => RoleErrors.Some([.. names]);

    private void Take(IEnumerable<string> nodes, IEnumerable<PlannedChange> changes)
    {
        _mended.UnionWith(nodes);
        Changes.AddRange(changes);
    }
}
