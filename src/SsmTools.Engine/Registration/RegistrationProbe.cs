using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;

namespace SsmTools.Engine.Registration;

/// <summary>Asks Systems Manager for nodes, once or until they are there.</summary>
public sealed class RegistrationProbe
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly Random _random;

    /// <summary>Creates the probe.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public RegistrationProbe(AwsContext context, TimeProvider? timeProvider = null)
        : this(context, timeProvider, Random.Shared)
    {
    }

    internal RegistrationProbe(AwsContext context, TimeProvider? timeProvider, Random random)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _random = random;
    }

    /// <summary>
    /// Tells of each node as it is now, in order, each id once: one call to Systems Manager for fifty nodes, one to EC2
    /// for a thousand. Memory does not grow with the number of nodes beyond the list of ids.
    /// </summary>
    /// <param name="instanceIds">Ids of instances (<c>i-…</c>) and hybrid nodes (<c>mi-…</c>).</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public async IAsyncEnumerable<NodeRegistration> TestAsync(
        IReadOnlyList<string> instanceIds,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instanceIds);
        NodeReader reader = new(_context, _timeProvider);
        await foreach (NodeSnapshot snapshot in
            reader.ReadAsync(instanceIds.Distinct(), cancellationToken).ConfigureAwait(false))
        {
            yield return snapshot.Node;
        }
    }

    /// <summary>Tells of each node as it is now, like <see cref="TestAsync"/>, once all are known.</summary>
    /// <param name="instanceIds">Ids of instances (<c>i-…</c>) and hybrid nodes (<c>mi-…</c>).</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public async Task<IReadOnlyList<NodeRegistration>> ListAsync(
        IReadOnlyList<string> instanceIds,
        CancellationToken cancellationToken)
    {
        List<NodeRegistration> nodes = [];
        await foreach (NodeRegistration node in TestAsync(instanceIds, cancellationToken).ConfigureAwait(false))
        {
            nodes.Add(node);
        }

        return nodes;
    }

    /// <summary>
    /// Waits for nodes and tells of each as soon as it is registered; at the time-out tells of the rest. Nodes that
    /// cannot register any more (terminated, unknown) are told of at once, and nothing is waited for when only such are
    /// left.
    /// </summary>
    /// <param name="instanceIds">Ids of instances (<c>i-…</c>) and hybrid nodes (<c>mi-…</c>).</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="progress">Told after each round; may be null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException">What the service refused; throttling is waited out.</exception>
    public IAsyncEnumerable<NodeRegistration> WaitAsync(
        IReadOnlyList<string> instanceIds,
        TimeSpan timeout,
        IProgress<RegistrationProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instanceIds);
        return new RegistrationWait(new NodeReader(_context, _timeProvider), _timeProvider, _random)
            .RunAsync(instanceIds, timeout, progress, cancellationToken);
    }
}
