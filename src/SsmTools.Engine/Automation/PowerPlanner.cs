using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Automation;

/// <summary>Works out which instances have to be started or stopped, and has Automation do it.</summary>
public sealed class PowerPlanner
{
    /// <summary>The tag that EC2 Auto Scaling puts on what it launches.</summary>
    private const string ScalingTag = "aws:autoscaling:groupName";

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the planner.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public PowerPlanner(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Compares the instances' states with the one that is wanted. What cannot be started or stopped comes as a problem
    /// of the plan: terminated, unknown and hybrid nodes, and those that are on their way to the other state.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">AutomationRoleNotFound, NoInstanceTagged, or what the service refused.</exception>
    public async Task<PowerPlan> PlanAsync(PowerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string verb = Verb(request.Action);
        string? roleArn = await FindRoleAsync(request.AssumeRole, cancellationToken).ConfigureAwait(false);
        List<EngineException> problems = [];
        PowerRun run = new(_context, _timeProvider, request with { AssumeRole = roleArn });
        List<PlannedChange> changes = [];
        List<PowerOutcome> unchanged = [];
        List<string> scaled = [];
        foreach (Instance instance in await FindAsync(request, problems, verb, cancellationToken).ConfigureAwait(false))
        {
            string state = instance.State?.Name ?? "";
            if (IsSo(request.Action, state))
            {
                unchanged.Add(PowerRun.Outcome(instance, state, PowerStatus.Unchanged));
            }
            else if (InstanceReader.IsGone(instance))
            {
                problems.Add(PowerErrors.Gone(instance, state, verb));
            }
            else if (state is InstanceStateName.Pending or InstanceStateName.Stopping)
            {
                problems.Add(PowerErrors.Busy(instance, verb));
            }
            else
            {
                if (request.Action == PowerAction.Stop && InstanceReader.TagOf(instance, ScalingTag) is { } group)
                {
                    scaled.Add($"{InstanceReader.Label(instance)} in {group}");
                }

                changes.Add(new PlannedChange(
                    $"{InstanceReader.Label(instance)}, {state}",
                    request.Action == PowerAction.Start ? "Start the instance" : "Stop the instance",
                    _ =>
                    {
                        run.Admit(instance);
                        return Task.CompletedTask;
                    })
                {
                    StandsAlone = true,
                });
            }
        }

        Plan<PowerRun> plan = new(changes, _ => Task.FromResult(run))
        {
            Problems = problems,
            Warnings = scaled.Count == 0
                ? []
                : [$"EC2 Auto Scaling replaces instances of its groups that are stopped: {RoleErrors.Some(scaled)}."],
        };
        return new PowerPlan(plan, unchanged);
    }

    /// <summary>What is done, for sentences.</summary>
    internal static string Verb(PowerAction action) => action == PowerAction.Start ? "start" : "stop";

    /// <summary>Whether a state is the wanted one, or leads there by itself.</summary>
    private static bool IsSo(PowerAction action, string state) => action == PowerAction.Start
        ? state is InstanceStateName.Running or InstanceStateName.Pending
        : state is InstanceStateName.Stopped or InstanceStateName.Stopping;

    private async Task<string?> FindRoleAsync(string? role, CancellationToken cancellationToken)
    {
        if (role is null || role.StartsWith("arn:", StringComparison.Ordinal))
        {
            return role;
        }

        Role? found = await new IamReader(_context).FindRoleAsync(role, cancellationToken).ConfigureAwait(false);
        return found?.Arn ?? throw PowerErrors.NoRole(role);
    }

    private async Task<IReadOnlyList<Instance>> FindAsync(
        PowerRequest request, List<EngineException> problems, string verb, CancellationToken cancellationToken)
    {
        if (request.Targets.Count > 0)
        {
            IReadOnlyList<Instance> named = await FindNamedAsync(request.Targets, problems, verb, cancellationToken).ConfigureAwait(false);
            if (request.Tags.Count == 0)
            {
                return named;
            }

            HashSet<string> tagged = [.. (await FindTaggedAsync(request.Tags, cancellationToken).ConfigureAwait(false))
                .Select(instance => instance.InstanceId!)];
            return [.. named.Where(instance => tagged.Contains(instance.InstanceId!))];
        }

        List<Instance> all = await FindTaggedAsync(request.Tags, cancellationToken).ConfigureAwait(false);
        return all.Count > 0
            ? all
            : throw PowerErrors.NobodyTagged(
                string.Join(" and ", request.Tags.Select(tag => $"the tag {tag.Key}={tag.Value}")), _context.Region);
    }

    private Task<List<Instance>> FindTaggedAsync(IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        DescribeInstancesRequest request = new()
        {
            Filters =
            [
                .. tags.Select(tag => new Filter { Name = $"tag:{tag.Key}", Values = [tag.Value] }),
                new Filter
                {
                    Name = "instance-state-name",
                    Values =
                    [
                        InstanceStateName.Pending, InstanceStateName.Running, InstanceStateName.Stopping, InstanceStateName.Stopped,
                    ],
                },
            ],
            MaxResults = 1000,
        };
        return ServiceCall.ListAsync(token => InstanceReader.StreamAsync(_context, request, token), null, cancellationToken);
    }

    private async Task<IReadOnlyList<Instance>> FindNamedAsync(
        IReadOnlyList<string> targets, List<EngineException> problems, string verb, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        foreach (TargetMatch match in
            await new TargetResolver(_context).ResolveManyAsync(targets, cancellationToken).ConfigureAwait(false))
        {
            ids.AddRange(match.Nodes.Select(node => node.InstanceId));
            if (match.Error is { } error)
            {
                problems.Add(error);
            }
        }

        string[] distinct = [.. ids.Distinct(StringComparer.Ordinal)];
        problems.AddRange(distinct.Where(NodeIds.IsHybrid).Select(id => PowerErrors.Hybrid(id, verb)));
        string[] instances = [.. distinct.Where(NodeIds.IsInstance)];
        Dictionary<string, Instance> found = await InstanceReader.FindAsync(_context, instances, cancellationToken).ConfigureAwait(false);
        string[] unknown = [.. instances.Where(id => !found.ContainsKey(id))];
        IReadOnlyDictionary<string, string> elsewhere =
            await new RegionSearch(_context).FindAsync(unknown, cancellationToken).ConfigureAwait(false);
        problems.AddRange(unknown.Select(id => UnknownInstance.Error(id, _context.Region, elsewhere)));
        return [.. instances.Where(found.ContainsKey).Select(id => found[id])];
    }
}
