using System.Collections.Generic;
using System.Linq;
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

    /// <summary>Takes what is kept of an account, if that is a whole batch.</summary>
    internal bool TryTakeBatch(AwsContext context, out IReadOnlyList<string> targets)
    {
        targets = _pending[context];
        if (targets.Count < BatchSize)
        {
            return false;
        }

        _pending[context] = [];
        return true;
    }

    /// <summary>What is left when the pipeline has ended; of an account whose targets were all taken, none.</summary>
    internal IEnumerable<(AwsContext Context, IReadOnlyList<string> Targets)> Rest() =>
        _pending.Select(one => (one.Key, (IReadOnlyList<string>)one.Value));
}
