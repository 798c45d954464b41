using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Diagnosis;

/// <summary>What is known of a node, and what every check found out.</summary>
public sealed record NodeDiagnosis
{
    /// <summary>What Systems Manager and EC2 say of the node.</summary>
    public required NodeRegistration Node { get; init; }

    /// <summary>
    /// One for each check that concerns the node, in the order of the chain: the machine, its rights, its network, then
    /// patience. Empty where none was asked for.
    /// </summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The first link that is broken; null where none is seen to be.</summary>
    public Finding? FirstFailure => Findings.FirstOrDefault(finding => finding.Status == FindingStatus.Fail);
}
