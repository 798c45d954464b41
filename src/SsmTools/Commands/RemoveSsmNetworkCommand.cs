using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine.Provisioning;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Removes a network that this module made, in the order that EC2 wants.</summary>
[Cmdlet(VerbsCommon.Remove, "SsmNetwork", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SsmNetwork))]
public sealed class RemoveSsmNetworkCommand : RemovalCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VpcId")]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        NetworkProvisioner provisioner = new(GetContext());
        return RemoveAsync(
            stop => provisioner.PlanRemovalAsync(Name, Force, stop), Name, network => network.ToOutput(), cancellationToken);
    }
}
