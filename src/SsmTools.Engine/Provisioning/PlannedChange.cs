namespace SsmTools.Engine.Provisioning;

/// <summary>One thing that a <see cref="Plan{TResult}"/> would change, in words, and the call that changes it.</summary>
public sealed class PlannedChange
{
    private readonly Func<CancellationToken, Task> _apply;

    internal PlannedChange(string target, string action, Func<CancellationToken, Task> apply)
    {
        Target = target;
        Action = action;
        _apply = apply;
    }

    /// <summary>What is changed, for example <c>role web</c>.</summary>
    public string Target { get; }

    /// <summary>What is done to it, for example <c>Attach policy AmazonSSMManagedInstanceCore</c>.</summary>
    public string Action { get; }

    /// <summary>Whether others can be made although this one failed or was declined: none builds on it.</summary>
    public bool StandsAlone { get; internal init; }

    /// <summary>Makes the change. Safe to repeat: making it a second time changes nothing.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="EngineException">The service refused, or could not be reached.</exception>
    public Task ApplyAsync(CancellationToken cancellationToken) => _apply(cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => $"{Action} ({Target})";
}
