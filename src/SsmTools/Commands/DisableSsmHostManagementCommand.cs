using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine.Aws;
using SsmTools.Engine.HostManagement;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Takes host management away again: its associations, or Default Host Management with its role.</summary>
[Cmdlet(VerbsLifecycle.Disable, "SsmHostManagement", SupportsShouldProcess = true, DefaultParameterSetName = "Task")]
[OutputType(typeof(SsmHostManagement))]
public sealed class DisableSsmHostManagementCommand : RemovalCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Task", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(HostManagementCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "Default";

    [Parameter(ParameterSetName = "Task", ValueFromPipelineByPropertyName = true)]
    [ValidateSet("AgentUpdate", "Inventory", "PatchScan", "CloudWatchAgent", "CloudWatchConfig", nameof(DefaultHostManagement))]
    public string[] Task { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Default")]
    public SwitchParameter DefaultHostManagement { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        string[] tasks = [.. Task.Where(task => !task.Equals(nameof(DefaultHostManagement), StringComparison.OrdinalIgnoreCase))];
        bool isSetting = DefaultHostManagement || tasks.Length < Task.Length;
        if (isSetting)
        {
            await RemoveAsync(
                stop => new Engine.HostManagement.DefaultHostManagement(context).PlanRemovalAsync(Force, stop), context.Region, ToOutput, cancellationToken);
        }

        if (!isSetting || tasks.Length > 0)
        {
            await RemoveAsync(
                stop => new HostManagementPlanner(context).PlanRemovalAsync(Name, tasks, Force, stop), Name, ToOutput, cancellationToken);
        }
    }

    private static object ToOutput(IReadOnlyList<HostManagementState> removed) => removed.Select(state => state.ToOutput()).ToArray();
}
