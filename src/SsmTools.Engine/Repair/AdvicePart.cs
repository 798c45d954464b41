using SsmTools.Engine.Diagnosis;

namespace SsmTools.Engine.Repair;

/// <summary>What only a person can do, or decide: told in the words of the finding, once for all nodes that it concerns.</summary>
internal sealed class AdvicePart(string region) : RepairPart
{
    private readonly Dictionary<(string Check, string Because, string? Fix), List<string>> _advice = [];
    private readonly List<EngineException> _lost = [];

    /// <summary>The nodes that nothing here can bring back alone.</summary>
    public HashSet<string> Nodes { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        string id = node.Node.InstanceId;
        Nodes.Add(id);
        switch (finding.Cause)
        {
            case FindingCause.NodeNotFound lost:
                _lost.Add(new EngineException(
                    "InstanceNotFound",
                    ErrorKind.ObjectNotFound,
                    $"{id} cannot be repaired: {finding.Because}.",
                    lost.Region is { } other ? $"Name the region: -Region {other}"
                        : finding.Command ?? finding.Fix ?? $"Check the id and the region ({region}).",
                    id));
                break;
            case FindingCause.InstanceNotRunning { State: "terminated" or "shutting-down" }:
                _lost.Add(new EngineException(
                    "RegistrationImpossible",
                    ErrorKind.InvalidOperation,
                    $"{id} cannot be repaired: {finding.Because}.",
                    "Launch another one: New-SsmInstance",
                    id));
                break;
            default:
                (string, string, string?) key = (finding.Check, finding.Because, finding.Fix);
                _advice.TryAdd(key, []);
                _advice[key].Add(id);
                break;
        }

        return true;
    }

    /// <inheritdoc/>
    public override Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        draft.Problems.AddRange(_lost);
        foreach (((string check, string because, string? fix), List<string> nodes) in _advice)
        {
            string todo = fix is null ? string.Empty : $" {fix.TrimEnd('.')}.";
            draft.Warnings.Add($"{RepairDraft.Some(nodes)}: {because} ({check}). This is for a person to mend.{todo}");
        }

        return Task.CompletedTask;
    }
}
