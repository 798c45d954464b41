using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.HostManagement;

/// <summary>
/// How nodes stand with the tasks. The runs of each association are read by pages of nodes, the latest first, so that the
/// cost grows with the associations and pages and not with the nodes.
/// </summary>
public sealed partial class ComplianceReader
{
    private const int PageSize = 50;

    /// <summary>A filter of GetInventory takes no more values.</summary>
    private const int InventoryValues = 40;

    /// <summary>Runs for single nodes that came later hide the one for all of them; more than these are not looked through.</summary>
    private const int MostRuns = 10;

    private const string PatchSummary = "AWS:PatchSummary";

    private readonly AwsContext _context;
    private readonly AssociationReader _associations;

    /// <summary>Creates it.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    public ComplianceReader(AwsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _associations = new AssociationReader(context);
    }

    /// <summary>Reads how nodes stand.</summary>
    /// <param name="instanceIds">Their ids; empty for every managed node.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="EngineException">What the service refused.</exception>
    public async IAsyncEnumerable<NodeCompliance> ListAsync(
        IReadOnlyList<string> instanceIds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instanceIds);
        List<(string Task, Dictionary<string, AssociationExecutionTarget> ByNode)> runs = [];
        foreach (Association association in await _associations.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            runs.Add((HostTask.Of(association.Name)!.Name,
                await ReadRunsAsync(association.AssociationId!, instanceIds, cancellationToken).ConfigureAwait(false)));
        }

        IEnumerable<string[]> pages = instanceIds.Count > 0 ? instanceIds.Distinct(StringComparer.Ordinal).Chunk(PageSize) : [[]];
        foreach (string[] page in pages)
        {
            IAsyncEnumerable<InstanceInformation> nodes = ServiceCall.GuardAsync(
                _context.Ssm.DescribeInstanceInformationItemsAsync(
                    new DescribeInstanceInformationRequest
                    {
                        Filters = page.Length > 0 ? [new InstanceInformationStringFilter { Key = "InstanceIds", Values = [.. page] }] : [],
                        MaxResults = PageSize,
                    },
                    cancellationToken),
                denied: null,
                cancellationToken);
            HashSet<string> unknown = new(page, StringComparer.Ordinal);
            await foreach (List<InstanceInformation> window in ServiceCall
                .InWindowsAsync(nodes, InventoryValues, InventoryValues, cancellationToken).ConfigureAwait(false))
            {
                Dictionary<string, int> patches = await ReadPatchesAsync(window, cancellationToken).ConfigureAwait(false);
                IReadOnlyDictionary<string, string> names = await ReadNamesAsync(window, cancellationToken).ConfigureAwait(false);
                foreach (InstanceInformation node in window)
                {
                    string id = node.InstanceId!;
                    unknown.Remove(id);
                    yield return Judge(node, names.GetValueOrDefault(id), runs, patches.TryGetValue(id, out int missing) ? missing : null);
                }
            }

            foreach (string id in page.Where(unknown.Contains))
            {
                yield return new NodeCompliance
                {
                    InstanceId = id,
                    Problem = $"Systems Manager does not know this node in {_context.Region}. Why, says: Test-SsmRegistration {id}",
                };
            }
        }
    }

    private static NodeCompliance Judge(
        InstanceInformation node,
        string? name,
        List<(string Task, Dictionary<string, AssociationExecutionTarget> ByNode)> runs,
        int? missing)
    {
        Dictionary<string, string> tasks = [];
        DateTime? last = null;
        foreach ((string task, Dictionary<string, AssociationExecutionTarget> byNode) in runs)
        {
            if (byNode.TryGetValue(node.InstanceId!, out AssociationExecutionTarget? run))
            {
                // Of two associations with one task the worse one counts.
                string status = run.Status ?? "Pending";
                tasks[task] = tasks.TryGetValue(task, out string? before) && before != "Success" ? before : status;
                last = last > run.LastExecutionDate || run.LastExecutionDate is null ? last : run.LastExecutionDate;
            }
        }

        string[] failed = [.. tasks.Where(task => task.Value is "Failed" or "TimedOut").Select(task => task.Key)];
        string[] open = [.. tasks.Where(task => task.Value is "Pending" or "InProgress").Select(task => task.Key)];
        return new NodeCompliance
        {
            InstanceId = node.InstanceId!,
            Name = name ?? (string.IsNullOrEmpty(node.Name) ? null : node.Name),
            PlatformType = node.PlatformType,
            AgentVersion = node.AgentVersion,
            AgentOutdated = node.IsLatestVersion == false,
            Tasks = tasks,
            LastRun = last,
            MissingPatches = missing,
            Compliant = tasks.Count == 0 ? null : failed.Length == 0 && open.Length == 0,
            Problem = tasks.Count == 0 ? "No host management is for this node: Enable-SsmHostManagement."
                : failed.Length > 0 ? $"{string.Join(", ", failed)} failed the last time."
                : open.Length > 0 ? $"{string.Join(", ", open)} {(open.Length == 1 ? "has" : "have")} not ended yet"
                    + $"{(node.PingStatus == PingStatus.Online ? "." : $": the agent's status is {node.PingStatus}.")}"
                : null,
        };
    }

    private async Task<Dictionary<string, AssociationExecutionTarget>> ReadRunsAsync(
        string id, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        Dictionary<string, AssociationExecutionTarget> latest = new(StringComparer.Ordinal);
        DescribeAssociationExecutionsResponse? executions = await ServiceCall.TryAsync(
            token => _context.Ssm.DescribeAssociationExecutionsAsync(
                new DescribeAssociationExecutionsRequest { AssociationId = id, MaxResults = MostRuns }, token),
            id,
            AssociationReader.Gone,
            cancellationToken).ConfigureAwait(false);
        int most = executions?.AssociationExecutions.Select(CountOf).DefaultIfEmpty().Max() ?? 0;
        foreach (AssociationExecution execution in (executions?.AssociationExecutions ?? []).OrderByDescending(one => one.CreatedTime))
        {
            if (wanted.Count > 0 && wanted.All(latest.ContainsKey))
            {
                break;
            }

            DescribeAssociationExecutionTargetsRequest request = new()
            {
                AssociationId = id,
                ExecutionId = execution.ExecutionId,
                MaxResults = PageSize,
            };
            List<AssociationExecutionTarget>? targets = await ServiceCall.TryAsync(
                token => ServiceCall.ListAsync(inner => _context.Ssm.DescribeAssociationExecutionTargetsItemsAsync(request, inner), id, token),
                id,
                [.. AssociationReader.Gone, "AssociationExecutionDoesNotExist"],
                cancellationToken).ConfigureAwait(false);
            foreach (AssociationExecutionTarget target in targets ?? [])
            {
                latest.TryAdd(target.ResourceId!, target);
            }

            if (IsForAll(targets, most))
            {
                break;
            }
        }

        return latest;
    }

    /// <summary>
    /// Whether a run of many was one for all. Only what is older comes after it, and of nodes that are no targets any more:
    /// reading that, page by page, would cost ten times as much.
    /// </summary>
    private static bool IsForAll(List<AssociationExecutionTarget>? targets, int most) =>
        targets?.Count >= PageSize && targets.Count * 2 >= most;

    /// <summary>How many nodes a run was for: <c>{Success=12, Failed=3}</c>.</summary>
    private static int CountOf(AssociationExecution execution) => NumberInCounts().Matches(execution.ResourceCountByStatus ?? string.Empty)
        .Sum(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));

    [GeneratedRegex("=([0-9]{1,8})")]
    private static partial Regex NumberInCounts();

    private async Task<Dictionary<string, int>> ReadPatchesAsync(
        List<InstanceInformation> nodes, CancellationToken cancellationToken)
    {
        GetInventoryRequest request = new()
        {
            Filters = [new InventoryFilter { Key = "AWS:InstanceInformation.InstanceId", Values = [.. nodes.Select(node => node.InstanceId!)], Type = "Equal" }],
            ResultAttributes = [new ResultAttribute { TypeName = PatchSummary }],
        };
        List<InventoryResultEntity>? entities = await ServiceCall.TryAsync(
            token => ServiceCall.ListAsync(inner => _context.Ssm.GetInventoryItemsAsync(request, inner), null, token),
            null,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        Dictionary<string, int> missing = new(StringComparer.Ordinal);
        foreach (InventoryResultEntity entity in entities ?? [])
        {
            if (entity.Data.TryGetValue(PatchSummary, out InventoryResultItem? item)
                && item.Content.FirstOrDefault()?.GetValueOrDefault("MissingCount") is { } count
                && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                missing[entity.Id!] = number;
            }
        }

        return missing;
    }

    /// <summary>Instances have their names at EC2.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ReadNamesAsync(
        List<InstanceInformation> nodes, CancellationToken cancellationToken)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        string[] ids = [.. nodes.Select(node => node.InstanceId!).Where(NodeIds.IsInstance)];
        foreach ((string id, Aws.Ec2.Instance instance) in
            await new InstanceFacts(_context).ReadAsync(ids, cancellationToken).ConfigureAwait(false))
        {
            if (InstanceReader.TagOf(instance, "Name") is { } name)
            {
                names[id] = name;
            }
        }

        return names;
    }
}
