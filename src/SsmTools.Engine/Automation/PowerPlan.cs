using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Automation;

/// <summary>Which instances would change, and which are so already.</summary>
/// <param name="Plan">
/// A change for each instance. Applying one only admits the instance to the run that is the result: Automation is given
/// them together, since limits are for all of them.
/// </param>
/// <param name="Unchanged">Those that are as they should be.</param>
public sealed record PowerPlan(Plan<PowerRun> Plan, IReadOnlyList<PowerOutcome> Unchanged);
