using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine.Alerts;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Takes an alert away: its rules, what let them publish, and the topic if it was made for it.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "SsmSessionAlert", SupportsShouldProcess = true)]
[OutputType(typeof(SsmSessionAlert))]
public sealed class UnregisterSsmSessionAlertCommand : RemovalCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionAlertCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        SessionAlertProvisioner provisioner = new(GetContext());
        return RemoveAsync(
            stop => provisioner.PlanRemovalAsync(Name, Force, stop), Name, alert => alert.ToOutput(), cancellationToken);
    }
}
