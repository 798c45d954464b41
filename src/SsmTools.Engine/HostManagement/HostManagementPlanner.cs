using System.Text.RegularExpressions;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.HostManagement;

/// <summary>Keeps hosts up by associations of State Manager, as Quick Setup's host management does: sets up, lists and takes away.</summary>
public sealed partial class HostManagementPlanner
{
    private const int Examples = 5;
    private static readonly string[] s_platforms = ["Linux", "Windows", "MacOS"];

    private readonly AwsContext _context;
    private readonly AssociationReader _reader;

    /// <summary>Creates it.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    public HostManagementPlanner(AwsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _reader = new AssociationReader(context);
    }

    /// <summary>Compares what there is with what is wanted: what is missing is made, what differs is changed.</summary>
    /// <param name="request">What is wanted. Tasks that it does not name stay as they are.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">
    /// HostManagementInvalid; HostManagementConflict where an association of the name is another's; or what the service refused.
    /// </exception>
    public async Task<Plan<IReadOnlyList<HostManagementState>>> PlanAsync(
        HostManagementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyList<HostTask> tasks = Check(request);
        List<Target> targets = HostTargets.From(request);
        List<Association> all = await _reader.ListAsync(cancellationToken).ConfigureAwait(false);
        List<PlannedChange> changes = [];
        List<string> warnings = [];
        foreach (HostTask task in tasks)
        {
            string name = AssociationReader.NameOf(request.Name, task.Name);
            if (all.Find(one => one.AssociationName == name) is { } existing)
            {
                await CompareAsync(existing, request.Name, task, targets, changes, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                changes.Add(Make(request.Name, task, targets));
            }

            warnings.AddRange(all.Where(one => one.AssociationName != name).Select(one => Overlap(one, task, targets)).OfType<string>());
            await WarnOfPlatformsAsync(task, targets, warnings, cancellationToken).ConfigureAwait(false);
        }

        return new Plan<IReadOnlyList<HostManagementState>>(
            changes,
            async token => (await ListAsync(token).ConfigureAwait(false)).FindAll(
                state => state.Name == request.Name && state.MadeBy == "SsmTools" && tasks.Any(task => task.Name == state.Task)))
        {
            Warnings = warnings,
        };
    }

    /// <summary>Works out how to take a set away, or some tasks of it.</summary>
    /// <param name="name">The set's name; with <paramref name="force"/> also the name or id of another's association.</param>
    /// <param name="tasks">The tasks; empty for all.</param>
    /// <param name="force">Takes away what SsmTools did not make, too.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">HostManagementNotManaged; or what the service refused.</exception>
    public async Task<Plan<IReadOnlyList<HostManagementState>>> PlanRemovalAsync(
        string name, IReadOnlyList<string> tasks, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tasks);
        List<Association> found = [];
        foreach (Association one in await FindAsync(name, tasks, cancellationToken).ConfigureAwait(false))
        {
            bool? isOurs = force ? true : await _reader.IsOursAsync(one.AssociationId!, cancellationToken).ConfigureAwait(false);
            if (isOurs == false)
            {
                throw HostErrors.NotManaged($"Association {one.AssociationName ?? one.AssociationId}", name);
            }

            if (isOurs is not null)
            {
                found.Add(one);
            }
        }

        IReadOnlyList<HostManagementState> removed = found.ConvertAll(AssociationReader.ToState);
        return new Plan<IReadOnlyList<HostManagementState>>(
            [
                .. found.Select(one => new PlannedChange(
                    $"association {one.AssociationName ?? one.AssociationId}",
                    $"Delete the association to {HostTask.Of(one.Name)!.What}",
                    token => _reader.DeleteAsync(one.AssociationId!, token))
                {
                    StandsAlone = true,
                }),
            ],
            _ => Task.FromResult(removed))
        {
            Warnings = found.Count > 0 ? [] : [$"There is no host management {name} in {_context.Region} that does this: nothing to remove."],
        };
    }

    /// <summary>Every association that does one of the tasks, whoever made it.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public async Task<List<HostManagementState>> ListAsync(CancellationToken cancellationToken) =>
        (await _reader.ListAsync(cancellationToken).ConfigureAwait(false)).ConvertAll(AssociationReader.ToState);

    /// <summary>The error of a name that nothing has.</summary>
    public static EngineException NotFound(string name, string region) => HostErrors.NotFound(name, region);

    private static HostTask[] Check(HostManagementRequest request)
    {
        if (!SetName().IsMatch(request.Name))
        {
            throw HostErrors.Invalid(
                $"'{request.Name}' cannot be the name of a set: it has 1 to 60 letters, digits and the characters _ . -", "Choose another name.", request.Name);
        }

        if (request.Tasks.FirstOrDefault(task => HostTask.Find(task) is null) is { } unknown)
        {
            throw HostErrors.Invalid(
                $"There is no task {unknown}.", $"Tasks are {string.Join(", ", HostTask.All.Select(task => task.Name))}.", request.Name);
        }

        IEnumerable<HostTask> tasks = HostTask.All.Where(
            task => task != HostTask.All[^1] && request.Tasks.Contains(task.Name, StringComparer.OrdinalIgnoreCase));
        return [.. tasks, .. request.CloudWatchConfiguration is { } parameter ? [HostTask.Configure(parameter)] : Array.Empty<HostTask>()];
    }

    /// <summary>By the name as it is written, and where there is none, by that name in any case: so does Get-SsmHostManagement.</summary>
    private async Task<List<Association>> FindAsync(string name, IReadOnlyList<string> tasks, CancellationToken cancellationToken)
    {
        List<Association> all = await _reader.ListAsync(cancellationToken).ConfigureAwait(false);
        List<Association> found = all.FindAll(one => IsNamed(one, StringComparison.Ordinal));
        found = found.Count > 0 ? found : all.FindAll(one => IsNamed(one, StringComparison.OrdinalIgnoreCase));
        return found.FindAll(one => tasks.Count == 0 || tasks.Contains(HostTask.Of(one.Name)!.Name, StringComparer.OrdinalIgnoreCase));

        bool IsNamed(Association one, StringComparison comparison) =>
            name.Equals(AssociationReader.SetOf(one), comparison)
            || name.Equals(one.AssociationName, comparison)
            || name.Equals(one.AssociationId, comparison);
    }

    private async Task CompareAsync(
        Association existing, string set, HostTask task, List<Target> targets, List<PlannedChange> changes, CancellationToken cancellationToken)
    {
        string id = existing.AssociationId!;
        bool? isOurs = await _reader.IsOursAsync(id, cancellationToken).ConfigureAwait(false);
        if (isOurs == false)
        {
            throw HostErrors.Conflict(existing.AssociationName!, id);
        }

        if (isOurs is null || await _reader.DescribeAsync(id, cancellationToken).ConfigureAwait(false) is not { } description)
        {
            // Somebody has just taken it away.
            changes.Add(Make(set, task, targets));
            return;
        }

        List<string> differences = [];
        if (description.Name != task.Document)
        {
            differences.Add($"the document from {description.Name} to {task.Document}");
        }

        if (description.ScheduleExpression != task.Schedule)
        {
            differences.Add($"the schedule from {description.ScheduleExpression ?? "once"} to {task.Schedule}");
        }

        if (!HostTargets.AreSame(description.Targets, targets))
        {
            differences.Add(
                $"the targets from {string.Join(", ", HostTargets.Words(description.Targets))} to {string.Join(", ", HostTargets.Words(targets))}");
        }

        if (!task.HasParameters(description))
        {
            differences.Add("the parameters");
        }

        if (differences.Count > 0)
        {
            changes.Add(new PlannedChange(
                $"association {existing.AssociationName}",
                $"Change {string.Join(", and ", differences)}",
                token => _reader.UpdateAsync(description, set, task, targets, token)));
        }
    }

    private PlannedChange Make(string set, HostTask task, List<Target> targets) => new(
        $"association {AssociationReader.NameOf(set, task.Name)}",
        $"Make the association to {task.What}, {task.Schedule}, on {string.Join(", ", HostTargets.Words(targets))}",
        token => _reader.CreateAsync(set, task, targets, token));

    private static string? Overlap(Association other, HostTask task, List<Target> targets)
    {
        bool same = other.Name == task.Document;
        List<Target> theirs = other.InstanceId is { } single ? [new Target { Key = "InstanceIds", Values = [single] }] : other.Targets;
        if (!same || task.Document == "AWS-ConfigureAWSPackage" || !HostTargets.MayOverlap(theirs, targets))
        {
            return null;
        }

        string whose = AssociationReader.MakerOf(other) switch
        {
            "QuickSetup" => "Quick Setup's association",
            "SsmTools" => "The association",
            _ => "The account's own association",
        };
        string consequence = task.Name == "Inventory"
            ? "a node's inventory is collected by one association only, and the other fails there"
            : "nodes that both are for get it twice";
        return $"{whose} {other.AssociationName ?? other.AssociationId} runs {task.Document} too, on"
            + $" {string.Join(", ", HostTargets.Words(other.Targets, other.InstanceId))}: {consequence}.";
    }

    /// <summary>A document that is not for a platform fails on its nodes, again and again.</summary>
    private async Task WarnOfPlatformsAsync(
        HostTask task, List<Target> targets, List<string> warnings, CancellationToken cancellationToken)
    {
        DescribeDocumentResponse? document = await ServiceCall.TryAsync(
            token => _context.Ssm.DescribeDocumentAsync(new DescribeDocumentRequest { Name = task.Document }, token),
            task.Document,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        if (document?.Document?.PlatformTypes is not { Count: > 0 } platforms)
        {
            return;
        }

        foreach (string platform in s_platforms.Except(platforms))
        {
            List<string> unfit = await ListSomeAsync(
                [new InstanceInformationStringFilter { Key = "PlatformTypes", Values = [platform] }, .. HostTargets.Filters(targets)],
                cancellationToken).ConfigureAwait(false);
            if (unfit.Count > 0)
            {
                string others = unfit.Count > Examples ? " and others" : string.Empty;
                warnings.Add($"{task.Document} is not for {platform}: it will fail on {string.Join(", ", unfit.Take(Examples))}{others}.");
            }
        }
    }

    /// <summary>One more than a few; a page can be empty although others come, so that the first one alone says nothing.</summary>
    private async Task<List<string>> ListSomeAsync(
        List<InstanceInformationStringFilter> filters, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        IAsyncEnumerable<InstanceInformation> nodes = ServiceCall.GuardAsync(
            _context.Ssm.DescribeInstanceInformationItemsAsync(
                new DescribeInstanceInformationRequest { Filters = filters, MaxResults = 50 }, cancellationToken),
            denied: _ => { },
            cancellationToken);
        await foreach (InstanceInformation node in nodes.ConfigureAwait(false))
        {
            ids.Add(node.InstanceId!);
            if (ids.Count > Examples)
            {
                break;
            }
        }

        return ids;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,60}\z")]
    private static partial Regex SetName();
}
