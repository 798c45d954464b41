using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.HostManagement;

/// <summary>What is asked of State Manager, and what it is told to change.</summary>
internal sealed class AssociationReader(AwsContext context)
{
    /// <summary>What the names of our associations begin with.</summary>
    public const string Prefix = "SsmTools-";

    private const string QuickSetup = "AWS-QuickSetup";
    private const int PageSize = 50;

    /// <summary>The answers where there is none any more; of its tags it is another one.</summary>
    public static readonly string[] Gone = ["AssociationDoesNotExist", "InvalidResourceId"];

    /// <summary>The name of a task's association.</summary>
    public static string NameOf(string set, string task) => $"{Prefix}{set}-{task}";

    /// <summary>Who made one, as far as its name says: SsmTools, QuickSetup or Other.</summary>
    public static string MakerOf(Association association) =>
        association.AssociationName?.StartsWith(Prefix, StringComparison.Ordinal) == true ? "SsmTools"
        : association.AssociationName?.StartsWith(QuickSetup, StringComparison.Ordinal) == true ? "QuickSetup"
        : "Other";

    /// <summary>The set that one of ours belongs to; null for what is no set's.</summary>
    public static string? SetOf(Association association)
    {
        string? task = HostTask.Of(association.Name)?.Name;
        string? name = association.AssociationName;
        return task is not null && name is not null && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith($"-{task}", StringComparison.Ordinal) && name.Length > Prefix.Length + task.Length + 1
                ? name[Prefix.Length..^(task.Length + 1)]
                : null;
    }

    /// <summary>Every association that runs one of the tasks' documents.</summary>
    public async Task<List<Association>> ListAsync(CancellationToken cancellationToken)
    {
        List<Association> all = await ServiceCall.ListAsync(
            token => context.Ssm.ListAssociationsItemsAsync(new ListAssociationsRequest { MaxResults = PageSize }, token),
            context.Region,
            cancellationToken).ConfigureAwait(false);
        List<Association> fit = [];
        foreach (Association one in all)
        {
            // Packages of all kinds are installed by one document: which one it is, only the parameters tell.
            bool isSure = HostTask.Of(one.Name) is { } task && (task.Name != "CloudWatchAgent" || SetOf(one) is not null);
            if (isSure || (HostTask.Of(one.Name) is not null && await IsTaskAsync(one, cancellationToken).ConfigureAwait(false)))
            {
                fit.Add(one);
            }
        }

        return fit;
    }

    private async Task<bool> IsTaskAsync(Association association, CancellationToken cancellationToken)
    {
        AssociationDescription? description = await DescribeAsync(association.AssociationId!, cancellationToken).ConfigureAwait(false);
        return description is not null && HostTask.Of(description.Name, description.Parameters) is not null;
    }

    /// <summary>One with its parameters; null where it is gone.</summary>
    public async Task<AssociationDescription?> DescribeAsync(string id, CancellationToken cancellationToken) => (await ServiceCall.TryAsync(
        token => context.Ssm.DescribeAssociationAsync(new DescribeAssociationRequest { AssociationId = id }, token),
        id,
        Gone,
        cancellationToken).ConfigureAwait(false))?.AssociationDescription;

    /// <summary>Whether one carries our tag; null where it is gone.</summary>
    public async Task<bool?> IsOursAsync(string id, CancellationToken cancellationToken) => (await ServiceCall.TryAsync(
        token => context.Ssm.ListTagsForResourceAsync(
            new ListTagsForResourceRequest { ResourceType = ResourceTypeForTagging.Association, ResourceId = id }, token),
        id,
        Gone,
        cancellationToken).ConfigureAwait(false))?.TagList.Exists(tag => tag.Key == SsmToolsTag.Key);

    /// <summary>Makes one. There is no client token for it: where the answer is lost, one of that name is looked for.</summary>
    public async Task CreateAsync(string set, HostTask task, List<Target> targets, CancellationToken cancellationToken)
    {
        string name = NameOf(set, task.Name);
        try
        {
            await ServiceCall.RunAsync(
                token => context.Ssm.CreateAssociationAsync(
                    new CreateAssociationRequest
                    {
                        Name = task.Document,
                        AssociationName = name,
                        Parameters = new(task.Parameters),
                        Targets = targets,
                        ScheduleExpression = task.Schedule,
                        Tags = [new Tag { Key = SsmToolsTag.Key, Value = set }],
                    },
                    token),
                name,
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException e) when (e.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout or ErrorKind.ResourceUnavailable)
        {
            if (!(await ListAsync(cancellationToken).ConfigureAwait(false)).Exists(one => one.AssociationName == name))
            {
                throw;
            }
        }
    }

    /// <summary>
    /// Changes one to what the task wants. The service takes away what a change does not name, so that what people have
    /// added is named again; what goes with a schedule or a document goes with it.
    /// </summary>
    public Task UpdateAsync(
        AssociationDescription was, string set, HostTask task, List<Target> targets, CancellationToken cancellationToken)
    {
        UpdateAssociationRequest request = new()
        {
            AssociationId = was.AssociationId,
            Name = task.Document,
            AssociationName = NameOf(set, task.Name),
            Parameters = new(task.Parameters),
            Targets = targets,
            ScheduleExpression = task.Schedule,
            DocumentVersion = was.Name == task.Document ? was.DocumentVersion : null,
            OutputLocation = was.OutputLocation,
            MaxErrors = was.MaxErrors,
            MaxConcurrency = was.MaxConcurrency,
            ComplianceSeverity = was.ComplianceSeverity,
            SyncCompliance = was.SyncCompliance,
            CalendarNames = was.CalendarNames,
            AlarmConfiguration = was.AlarmConfiguration,
            AssociationDispatchAssumeRole = was.AssociationDispatchAssumeRole,
            ApplyOnlyAtCronInterval = was.ScheduleExpression == task.Schedule ? was.ApplyOnlyAtCronInterval : null,
        };
        return ServiceCall.RunAsync(
            token => context.Ssm.UpdateAssociationAsync(request, token), was.AssociationId, cancellationToken);
    }

    /// <summary>Deletes one; one that is gone is done.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => context.Ssm.DeleteAssociationAsync(new DeleteAssociationRequest { AssociationId = id }, token),
        id,
        Gone,
        cancellationToken);

    /// <summary>As users see it.</summary>
    public static HostManagementState ToState(Association association) => new()
    {
        Name = SetOf(association) ?? association.AssociationName ?? association.AssociationId!,
        Task = HostTask.Of(association.Name)!.Name,
        AssociationId = association.AssociationId,
        Document = association.Name,
        Schedule = association.ScheduleExpression,
        Targets = HostTargets.Words(association.Targets, association.InstanceId),
        Status = association.Overview?.Status,
        Succeeded = Count(association, "Success"),
        Failed = Count(association, "Failed") + Count(association, "TimedOut"),
        Pending = Count(association, "Pending") + Count(association, "InProgress"),
        LastRun = association.LastExecutionDate,
        MadeBy = MakerOf(association),
    };

    private static int Count(Association association, string status) =>
        association.Overview?.AssociationStatusAggregatedCount.GetValueOrDefault(status) ?? 0;
}
