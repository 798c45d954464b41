using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Aws;
using SsmTools.Engine.HybridNodes;

namespace SsmTools.Commands;

/// <summary>Takes nodes outside EC2 off the account: deregisters them, deletes their activation, and the role that nobody needs any more.</summary>
[Cmdlet(
    VerbsLifecycle.Unregister, "SsmNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = "Node")]
[OutputType(typeof(string))]
public sealed class UnregisterSsmNodeCommand : RemovalCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ParameterSetName = "Node", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation(LeavesActivations = true)]
    [ArgumentCompleter(typeof(HybridNodeCompleter))]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Activation", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ActivationCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ActivationId { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        string[] activations = ParameterSetName == "Activation" ? ActivationId : [];
        string[] nodes = [];
        if (activations.Length == 0)
        {
            (nodes, _) = await ResolveAsync(context, InstanceId.Select(target => target.Value).ToArray(), cancellationToken);
            if (nodes.Length == 0)
            {
                return;
            }
        }

        NodeRemoval removal = new(context);
        await RemoveAsync(
            stop => removal.PlanAsync(nodes, activations, Force, stop), Label(activations.Concat(nodes)), ids => ids, cancellationToken);
    }
}
