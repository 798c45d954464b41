using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Schedules;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Removes a schedule that starts and stops instances, with its roles.</summary>
[Cmdlet(VerbsCommon.Remove, "SsmPowerSchedule", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SsmPowerSchedule))]
public sealed class RemoveSsmPowerScheduleCommand : RemovalCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PowerScheduleCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        return RemoveAsync(
            stop => new PowerScheduler(context).PlanRemovalAsync(Name, Force, stop),
            Name,
            schedule => schedule.ToOutput(),
            cancellationToken);
    }
}
