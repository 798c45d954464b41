using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Terminates instances that this module made.</summary>
[Cmdlet(VerbsCommon.Remove, "SsmInstance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SsmInstance))]
public sealed class RemoveSsmInstanceCommand : PlanCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
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

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        InstanceProvisioner provisioner = new(context);
        foreach (SsmTargetParameter target in InstanceId)
        {
            await ApplyAsync(
                async stop => await provisioner.PlanRemovalAsync(
                    await new TargetResolver(context).ResolveAsync(target.Value, stop), Force, stop),
                target.Value,
                Write,
                cancellationToken);
        }
    }

    private void Write(IReadOnlyList<InstanceDescription> instances)
    {
        if (PassThru)
        {
            WriteObject(instances.Select(instance => instance.ToOutput()), enumerateCollection: true);
        }
    }
}
