using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Schedules;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Makes a schedule that starts and stops the instances with a tag.</summary>
[Cmdlet(VerbsCommon.New, "SsmPowerSchedule", SupportsShouldProcess = true)]
[OutputType(typeof(SsmPowerSchedule), typeof(string))]
public sealed class NewSsmPowerScheduleCommand : PowerScheduleCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public Hashtable? Tag { get; set; }

    [Parameter]
    public SwitchParameter Disabled { get; set; }

    [Parameter]
    public SwitchParameter AsTemplate { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        PowerScheduleRequest request = Read(Name, Tag) with { Enabled = Disabled ? false : null };
        if (AsTemplate)
        {
            WriteTemplate(request);
            return;
        }

        AwsContext context = GetContext();
        await ApplyAsync(
            stop => new PowerScheduler(context).PlanAsync(request, change: false, stop),
            Name,
            schedule => WriteObject(schedule.ToOutput()),
            cancellationToken);
    }

    private void WriteTemplate(PowerScheduleRequest request)
    {
        try
        {
            WriteObject(PowerScheduler.GetTemplate(request));
        }
        catch (EngineException e)
        {
            Report(e, Name);
        }
    }
}
