using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Lists instances and nodes, managed by Systems Manager and not, side by side.</summary>
[Cmdlet(VerbsCommon.Get, "SsmInstance")]
[OutputType(typeof(SsmInstance))]
public sealed class GetSsmInstanceCommand : AwsCmdlet
{
    private readonly PendingTargets _pending = new();
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter]
    [Alias("Tags")]
    [ValidateNotNull]
    public Hashtable? Tag { get; set; }

    [Parameter]
    [Alias("PlatformType")]
    [ValidateSet("Linux", "Windows", "MacOS")]
    public string? Platform { get; set; }

    [Parameter]
    [Alias("Status")]
    [ValidateSet("Online", "ConnectionLost", "Inactive")]
    public string[] PingStatus { get; set; } = [];

    [Parameter]
    [ValidateSet("pending", "running", "stopping", "stopped", "shutting-down", "terminated")]
    public string[] State { get; set; } = [];

    [Parameter]
    public SwitchParameter Managed { get; set; }

    [Parameter]
    public SwitchParameter Unmanaged { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => _pending.AddAsync(
        GetContext(), InstanceId, (context, targets) => ListAsync(context, targets, cancellationToken));

    private protected override Task EndAsync(CancellationToken cancellationToken) => _pending.HandOnRestAsync(
        emptyIsAll: !IsGiven(nameof(InstanceId)), (context, targets) => ListAsync(context, targets, cancellationToken));

    private async Task ListAsync(AwsContext context, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        NodeInventory inventory = new(context);
        NodeQuery query = new()
        {
            Targets = targets.ToArray(),
            Names = Name,
            Tags = TagTable.Read(Tag),
            PlatformType = Platform,
            PingStatuses = PingStatus,
            States = State,
            Managed = Managed == Unmanaged ? null : Managed,
        };
        try
        {
            await foreach (InventoryItem item in inventory.ListAsync(query, cancellationToken))
            {
                if (item.Problem is { } problem)
                {
                    Report(problem, problem.Target ?? MyInvocation.MyCommand.Name);
                }
                else
                {
                    WriteObject(item.Node!.ToOutput());
                }
            }
        }
        catch (EngineException e)
        {
            Report(e, targets.Count > 0 ? Label(targets) : context.Region);
            return;
        }

        foreach (string action in inventory.DeniedActions.Where(_warned.Add))
        {
            WriteWarning($"AWS denied {action}: what it would tell is missing from the instances.");
        }
    }
}
