using SsmTools.Engine.Aws;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>
/// Repairs nodes round by round. What is broken can hide what is broken behind it: once the changes of a round were made,
/// the next one looks again, until nothing is left to change.
/// </summary>
public sealed class RegistrationRepair
{
    /// <summary>A chain of failures that hide each other is shorter than this.</summary>
    public const int MaxRounds = 4;

    private readonly Doctor _doctor;
    private readonly RepairPlanner _planner;
    private readonly RepairOptions _options;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Creates the repair; nothing is read yet.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public RegistrationRepair(AwsContext context, RepairOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        _doctor = new Doctor(context, timeProvider);
        _planner = new RepairPlanner(context, timeProvider);
        _options = options;
    }

    /// <summary>Examines the nodes anew and plans the next round; what was told in an earlier round is not told again.</summary>
    /// <param name="instanceIds">Ids of instances and hybrid nodes.</param>
    /// <param name="cancellationToken">Ends the examination.</param>
    /// <returns>The plan; its result is the ids of the nodes that the changes help, empty where there was nothing to do.</returns>
    /// <exception cref="EngineException">As <see cref="RepairPlanner.PlanAsync"/>.</exception>
    public async Task<Plan<IReadOnlyList<string>>> PlanAsync(
        IReadOnlyList<string> instanceIds,
        CancellationToken cancellationToken)
    {
        List<NodeDiagnosis> diagnoses = [];
        await foreach (NodeDiagnosis diagnosis in
            _doctor.DiagnoseAsync(instanceIds, cancellationToken).ConfigureAwait(false))
        {
            diagnoses.Add(diagnosis);
        }

        Plan<IReadOnlyList<string>> plan =
            await _planner.PlanAsync(diagnoses, _options, cancellationToken).ConfigureAwait(false);
        return new Plan<IReadOnlyList<string>>(plan.Changes, plan.GetResultAsync)
        {
            Warnings = [.. plan.Warnings.Where(_told.Add)],
            Problems = [.. plan.Problems.Where(problem => _told.Add($"{problem.ErrorId} {problem.Message}"))],
            Awaited = plan.Awaited,
        };
    }
}
