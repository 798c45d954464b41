using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Gives instances that are there already a role, by its instance profile.</summary>
[Cmdlet(VerbsCommon.Set, "SsmInstanceRole", DefaultParameterSetName = "Role", SupportsShouldProcess = true)]
[OutputType(typeof(SsmInstance))]
public sealed class SetSsmInstanceRoleCommand : PlanCmdlet
{
    private readonly PendingTargets _pending = new();

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Role")]
    [Parameter(Position = 0, ParameterSetName = "Profile")]
    [Alias("RoleName")]
    [ArgumentCompleter(typeof(InstanceRoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Profile")]
    [ArgumentCompleter(typeof(InstanceProfileCompleter))]
    [ValidateNotNullOrEmpty]
    public string? InstanceProfileName { get; set; }

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => _pending.AddAsync(
        GetContext(), InstanceId, (context, targets) => SetAsync(context, targets, cancellationToken));

    private protected override Task EndAsync(CancellationToken cancellationToken) => _pending.HandOnRestAsync(
        emptyIsAll: false, (context, targets) => SetAsync(context, targets, cancellationToken));

    private async Task SetAsync(AwsContext context, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        (string[] ids, _) = await ResolveAsync(context, targets, cancellationToken);
        if (ids.Length == 0)
        {
            return;
        }

        RoleAssignmentRequest request = new()
        {
            RoleName = Name,
            InstanceProfileName = InstanceProfileName,
            InstanceIds = ids,
            Force = Force,
        };
        await ApplyAsync(
            stop => new RoleAssigner(context).PlanAsync(request, stop), Name ?? InstanceProfileName!, Write, cancellationToken);
    }

    private void Write(IReadOnlyList<InstanceDescription> instances)
    {
        if (PassThru)
        {
            WriteObject(instances.Select(instance => instance.ToOutput()), enumerateCollection: true);
        }
    }
}
