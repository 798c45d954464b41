using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Schedules;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Lists the schedules that start and stop instances, with their next times and what they save.</summary>
[Cmdlet(VerbsCommon.Get, "SsmPowerSchedule")]
[OutputType(typeof(SsmPowerSchedule))]
public sealed class GetSsmPowerScheduleCommand : AwsCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PowerScheduleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        try
        {
            await foreach (PowerScheduleDescription schedule in
                new PowerScheduler(context).ListAsync(Name, cancellationToken))
            {
                WriteObject(schedule.ToOutput());
            }
        }
        catch (EngineException e)
        {
            Report(e, e.Target ?? Name.FirstOrDefault() ?? context.Region);
        }
    }
}
