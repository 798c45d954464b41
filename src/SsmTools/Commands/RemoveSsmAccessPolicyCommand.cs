using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine.Access;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Takes an operators' policy from everybody who has it, and deletes it.</summary>
[Cmdlet(VerbsCommon.Remove, "SsmAccessPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(SsmAccessPolicy))]
public sealed class RemoveSsmAccessPolicyCommand : RemovalCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PolicyName")]
    [ArgumentCompleter(typeof(AccessPolicyCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        AccessPolicyProvisioner provisioner = new(GetContext());
        return RemoveAsync(
            stop => provisioner.PlanRemovalAsync(Name, Force, stop), Name, policy => policy.ToOutput(), cancellationToken);
    }
}
