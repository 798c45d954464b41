using SsmTools.Engine.Diagnosis;

namespace SsmTools.Engine.Repair;

/// <summary>
/// What mends one sort of failure. It is shown every finding that fails, keeps those that it can mend, and then works out
/// the changes for all nodes together, so that what they share is changed once.
/// </summary>
internal abstract class RepairPart
{
    /// <summary>Keeps a finding, or leaves it to the parts that follow.</summary>
    /// <param name="node">The node that it was found at.</param>
    /// <param name="finding">What is wrong: its cause is never null.</param>
    /// <returns>Whether it was kept.</returns>
    public abstract bool Take(NodeDiagnosis node, Finding finding);

    /// <summary>Compares with what is there now and adds the changes. Changes nothing itself.</summary>
    /// <exception cref="EngineException">What the service refused.</exception>
    public abstract Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken);
}
