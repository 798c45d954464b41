using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Aws;
using SsmTools.Engine.HostManagement;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Has nodes kept up by State Manager: agent updates, inventory, patch scans, the CloudWatch agent; or switches Default Host Management on.</summary>
[Cmdlet(VerbsLifecycle.Enable, "SsmHostManagement", SupportsShouldProcess = true, DefaultParameterSetName = "All")]
[OutputType(typeof(SsmHostManagement))]
public sealed class EnableSsmHostManagementCommand : PlanCmdlet
{
    private readonly List<string> _targets = [];

    [Parameter(Position = 0, ParameterSetName = "All")]
    [Parameter(Position = 0, ParameterSetName = "Tag")]
    [Parameter(Position = 0, ParameterSetName = "Node")]
    [ArgumentCompleter(typeof(HostManagementCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "Default";

    [Parameter(Mandatory = true, ParameterSetName = "Tag")]
    [Alias("TargetTag")]
    [ValidateNotNullOrEmpty]
    public Hashtable? Tag { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Node", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter(ParameterSetName = "All")]
    [Parameter(ParameterSetName = "Tag")]
    [Parameter(ParameterSetName = "Node")]
    [ValidateSet("AgentUpdate", "Inventory", "PatchScan", "CloudWatchAgent")]
    public string[] Task { get; set; } = ["AgentUpdate", "Inventory", "PatchScan"];

    [Parameter(ParameterSetName = "All")]
    [Parameter(ParameterSetName = "Tag")]
    [Parameter(ParameterSetName = "Node")]
    public SwitchParameter CloudWatchAgent { get; set; }

    [Parameter(ParameterSetName = "All")]
    [Parameter(ParameterSetName = "Tag")]
    [Parameter(ParameterSetName = "Node")]
    [ValidateNotNullOrEmpty]
    public string? CloudWatchConfiguration { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Default")]
    public SwitchParameter DefaultHostManagement { get; set; }

    [Parameter(ParameterSetName = "Default")]
    [ValidateNotNullOrEmpty]
    public string? RoleName { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        _targets.AddRange(InstanceId.Select(target => target.Value));
        return System.Threading.Tasks.Task.CompletedTask;
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        if (ParameterSetName == "Default")
        {
            await ApplyAsync(
                stop => new Engine.HostManagement.DefaultHostManagement(context).PlanAsync(RoleName, stop), RoleName ?? context.Region, Write, cancellationToken);
            return;
        }

        string[] ids = [];
        if (ParameterSetName == "Node")
        {
            (ids, bool isWhole) = await ResolveAsync(context, _targets, cancellationToken);
            if (!isWhole || ids.Length == 0)
            {
                // A set for some of its nodes would take the others out of it.
                return;
            }
        }

        HostManagementRequest request = new()
        {
            Name = Name,
            TargetTags = TagTable.Read(Tag),
            InstanceIds = ids,
            Tasks = CloudWatchAgent || CloudWatchConfiguration is not null ? [.. Task, nameof(CloudWatchAgent)] : Task,
            CloudWatchConfiguration = CloudWatchConfiguration,
        };
        await ApplyAsync(stop => new HostManagementPlanner(context).PlanAsync(request, stop), Name, Write, cancellationToken);
    }

    private void Write(IReadOnlyList<HostManagementState> states) =>
        WriteObject(states.Select(state => state.ToOutput()), enumerateCollection: true);
}
