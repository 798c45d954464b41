using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine.Provisioning;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Removes a role and its instance profile, in the order that IAM wants.</summary>
[Cmdlet(VerbsCommon.Remove, "SsmInstanceRole", SupportsShouldProcess = true)]
[OutputType(typeof(SsmInstanceRole))]
public sealed class RemoveSsmInstanceRoleCommand : RemovalCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("RoleName")]
    [ArgumentCompleter(typeof(InstanceRoleCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        RoleProvisioner provisioner = new(GetContext());
        return RemoveAsync(
            stop => provisioner.PlanRemovalAsync(Name, Force, stop), Name, role => role.ToOutput(), cancellationToken);
    }
}
