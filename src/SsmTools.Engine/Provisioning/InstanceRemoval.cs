using System.Text.RegularExpressions;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Provisioning;

/// <summary>Terminates instances, in batches, and only those that SsmTools made unless forced.</summary>
internal sealed partial class InstanceRemoval(AwsContext context)
{
    private const int BatchSize = 100;

    /// <summary>Works out the changes.</summary>
    public async Task<Plan<IReadOnlyList<InstanceDescription>>> PlanAsync(
        IReadOnlyList<string> ids,
        bool force,
        CancellationToken cancellationToken)
    {
        string[] distinct = [.. ids.Distinct()];
        Dictionary<string, Instance> found = await InstanceReader.FindAsync(
            context, distinct.Where(id => InstanceId().IsMatch(id)), cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, string> elsewhere = await new RegionSearch(context).FindAsync(
            [.. distinct.Where(id => InstanceId().IsMatch(id) && !found.ContainsKey(id))], cancellationToken).ConfigureAwait(false);
        List<Instance> known = [];
        List<Instance> doomed = [];
        List<EngineException> problems = [];
        foreach (string id in distinct)
        {
            Instance? instance = found.GetValueOrDefault(id);
            if (Problem(id, instance, force, elsewhere) is { } problem)
            {
                problems.Add(problem);
                continue;
            }

            known.Add(instance!);
            if (!InstanceReader.IsGone(instance!))
            {
                doomed.Add(instance!);
            }
        }

        if (distinct.Length == 1 && problems.Count == 1)
        {
            throw problems[0];
        }

        List<PlannedChange> changes = [.. doomed.Chunk(BatchSize).Select(Terminate)];
        return new Plan<IReadOnlyList<InstanceDescription>>(changes, token => ReadAsync(known, token))
        {
            Problems = problems,
        };
    }

    private PlannedChange Terminate(Instance[] batch)
    {
        List<string> ids = [.. batch.Select(instance => instance.InstanceId!)];
        return new PlannedChange(
            string.Join(", ", batch.Select(InstanceReader.Label)),
            ids.Count == 1 ? "Terminate the instance" : $"Terminate {ids.Count} instances",
            token => ServiceCall.TryAsync(
                inner => context.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = ids }, inner),
                ids.Count == 1 ? ids[0] : null,
                ids.Count == 1 ? ["InvalidInstanceID.NotFound"] : [],
                token));
    }

    private async Task<IReadOnlyList<InstanceDescription>> ReadAsync(
        List<Instance> known,
        CancellationToken cancellationToken)
    {
        Dictionary<string, Instance> found = await InstanceReader.FindAsync(
            context, known.Select(instance => instance.InstanceId!), cancellationToken).ConfigureAwait(false);
        return
        [
            .. known.Select(instance => found.TryGetValue(instance.InstanceId!, out Instance? now)
                ? InstanceReader.Describe(now)
                : InstanceReader.Describe(instance) with { State = InstanceStateName.Terminated }),
        ];
    }

    private EngineException? Problem(string id, Instance? instance, bool force, IReadOnlyDictionary<string, string> elsewhere) =>
        !InstanceId().IsMatch(id) ? new EngineException(
            "InstanceIdInvalid",
            ErrorKind.InvalidArgument,
            $"'{id}' is not the id of an instance.",
            "Give an id such as i-0a1b2c3d4e5f67890.",
            id)
        : instance is null ? UnknownInstance.Error(id, context.Region, elsewhere)
        : !force && !InstanceReader.IsGone(instance) && InstanceReader.TagOf(instance, SsmToolsTag.Key) is null
            ? new EngineException(
                "InstanceNotManaged",
                ErrorKind.InvalidOperation,
                $"Instance {InstanceReader.Label(instance)} was not made by SsmTools: it carries no tag {SsmToolsTag.Key}.",
                "Use -Force to terminate it all the same.",
                id)
        : null;

    [GeneratedRegex(@"\Ai-([0-9a-f]{8}|[0-9a-f]{17})\z")]
    private static partial Regex InstanceId();
}
