using SsmTools.Engine.Aws;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>
/// From what the doctor found to the changes that mend it. Nothing inbound of an instance is opened, no right is given
/// beyond what an agent needs, and what passes is not touched.
/// </summary>
public sealed class RepairPlanner
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly HashSet<string> _restarted = new(StringComparer.Ordinal);

    /// <summary>Creates the planner. One planner knows which instances it restarted, and does so once.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public RepairPlanner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Works out the changes for all nodes together; what they share is changed once. What only a person can do comes as
    /// warnings, nodes that cannot be repaired at all as problems.
    /// </summary>
    /// <param name="diagnoses">Fresh ones: an old finding may be mended already.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <returns>The plan; its result is the ids of the nodes that the changes help, once what was made serves.</returns>
    /// <exception cref="EngineException">
    /// InstanceProfileNameInvalid; for one node alone what keeps it from being repaired (InstanceNotFound,
    /// RegistrationImpossible, or what the service refused).
    /// </exception>
    public async Task<Plan<IReadOnlyList<string>>> PlanAsync(
        IReadOnlyList<NodeDiagnosis> diagnoses,
        RepairOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(diagnoses);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        RepairDraft draft = new();
        foreach (RepairPart part in Sort(diagnoses, options))
        {
            await draft.AttemptAsync(() => part.PlanAsync(draft, cancellationToken)).ConfigureAwait(false);
        }

        if (draft.Changes.Count == 0 && diagnoses.Count == 1 && draft.Problems.Count > 0)
        {
            throw draft.Problems[0];
        }

        return new Plan<IReadOnlyList<string>>(draft.Changes, async token =>
        {
            await draft.SettleAsync(token).ConfigureAwait(false);
            return [.. draft.Mended];
        })
        {
            Warnings = [.. draft.Warnings.Distinct()],
            Problems = draft.Problems,
            Awaited = draft.Awaited,
        };
    }

    /// <summary>Gives each failure to the first part that takes it.</summary>
    /// <returns>The parts, in the order in which changes must be made: rights, the way, the machine.</returns>
    private RepairPart[] Sort(IReadOnlyList<NodeDiagnosis> diagnoses, RepairOptions options)
    {
        AdvicePart advice = new(_context.Region);
        RepairPart[] parts =
        [
            new ProfilePart(_context, _timeProvider, options),
            new TrustPart(_context),
            new PermissionPart(_context, _timeProvider),
            new VpcDnsPart(_context, _timeProvider),
            new EndpointPart(_context, _timeProvider),
            new EndpointPolicyPart(_context, _timeProvider),
            new EgressPart(_context),
            new NetworkAclPart(_context),
            new MetadataPart(_context),
            new PowerPart(_context, options, diagnoses, advice.Nodes, _restarted),
            advice,
        ];
        foreach (NodeDiagnosis node in diagnoses)
        {
            foreach (Finding finding in node.Findings.Where(IsBroken))
            {
                _ = Array.Find(parts, part => part.Take(node, finding));
            }

            // What is only warned of is nobody's duty: what no part can mend is not told as one.
            foreach (Finding finding in node.Findings.Where(finding => options.IncludeWarnings && IsDoubtful(finding)))
            {
                _ = Array.Find(parts, part => part != advice && part.Take(node, finding));
            }
        }

        return parts;
    }

    private static bool IsDoubtful(Finding finding) =>
        finding is { Status: FindingStatus.Warn, Cause: not (null or FindingCause.AgentSleeps) };

    private static bool IsBroken(Finding finding) =>
        finding.Cause is FindingCause.AgentSleeps || finding is { Status: FindingStatus.Fail, Cause: not null };
}
