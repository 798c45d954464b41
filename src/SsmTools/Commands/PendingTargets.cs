using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Engine.Aws;

namespace SsmTools.Commands;

/// <summary>The targets that a pipeline brings, kept by the account they are in until there are enough for one look.</summary>
internal sealed class PendingTargets
{
    /// <summary>As many as EC2 describes at a time: few calls, and memory that does not grow.</summary>
    private const int BatchSize = 1000;

    private readonly Dictionary<AwsContext, List<string>> _pending = [];

    /// <summary>Keeps some more.</summary>
    internal void Add(AwsContext context, IEnumerable<SsmTargetParameter> targets)
    {
        if (!_pending.TryGetValue(context, out List<string>? pending))
        {
            _pending.Add(context, pending = []);
        }

        pending.AddRange(targets.Select(target => target.Value));
    }

    /// <summary>Keeps some more, and hands them on as soon as they are a whole batch.</summary>
    internal async Task AddAsync(
        AwsContext context, IEnumerable<SsmTargetParameter> targets, Func<AwsContext, IReadOnlyList<string>, Task> handOn)
    {
        Add(context, targets);
        List<string> pending = _pending[context];
        if (pending.Count >= BatchSize)
        {
            _pending[context] = [];
            await handOn(context, pending);
        }
    }

    /// <summary>Hands on what is left when the pipeline has ended.</summary>
    /// <param name="emptyIsAll">
    /// Whether no target means everything; where some were asked for, what a pipeline or a list left empty asks for nothing.
    /// </param>
    /// <param name="handOn">Takes the targets of an account.</param>
    internal async Task HandOnRestAsync(bool emptyIsAll, Func<AwsContext, IReadOnlyList<string>, Task> handOn)
    {
        foreach ((AwsContext context, IReadOnlyList<string> targets) in Rest())
        {
            if (targets.Count > 0 || emptyIsAll)
            {
                await handOn(context, targets);
            }
        }
    }

    /// <summary>What is left when the pipeline has ended; of an account whose targets were all taken, none.</summary>
    internal IEnumerable<(AwsContext Context, IReadOnlyList<string> Targets)> Rest() =>
        _pending.Select(one => (one.Key, (IReadOnlyList<string>)one.Value));
}
