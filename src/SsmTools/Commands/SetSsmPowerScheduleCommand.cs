using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Schedules;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Changes a schedule that starts and stops instances, and mends one that was changed by hand.</summary>
[Cmdlet(VerbsCommon.Set, "SsmPowerSchedule", SupportsShouldProcess = true)]
[OutputType(typeof(SsmPowerSchedule))]
public sealed class SetSsmPowerScheduleCommand : PowerScheduleCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PowerScheduleCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter]
    [ValidateNotNull]
    public Hashtable? Tag { get; set; }

    [Parameter]
    public bool? Enabled { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        PowerScheduleRequest request = Read(Name, Tag) with { Enabled = Enabled };
        await ApplyAsync(
            stop => new PowerScheduler(context).PlanAsync(request, change: true, stop), Name, Write, cancellationToken);
    }

    private void Write(PowerScheduleDescription schedule)
    {
        if (PassThru)
        {
            WriteObject(schedule.ToOutput());
        }
    }
}
