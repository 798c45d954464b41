using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Alerts;
using SsmTools.Engine.Aws;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Shows who is told when a session starts, and on which nodes.</summary>
[Cmdlet(VerbsCommon.Get, "SsmSessionAlert")]
[OutputType(typeof(SsmSessionAlert))]
public sealed class GetSsmSessionAlertCommand : AwsCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionAlertCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        AwsContext context = GetContext();
        try
        {
            IReadOnlyList<SessionAlert> alerts =
                await ShowWaitAsync(new SessionAlertProvisioner(context).ListAsync(Name, cancellationToken));
            WriteObject(alerts.Select(alert => alert.ToOutput()), enumerateCollection: true);
            if (Name is not null && alerts.Count == 0)
            {
                Report(SessionAlertProvisioner.NotFound(Name, context.Region), Name);
            }
        }
        catch (EngineException e)
        {
            Report(e, Name ?? MyInvocation.MyCommand.Name);
        }
    }
}
