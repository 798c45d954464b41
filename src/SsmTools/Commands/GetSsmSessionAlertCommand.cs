using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Alerts;
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
        try
        {
            foreach (SessionAlert alert in await ShowWaitAsync(new SessionAlertProvisioner(GetContext()).ListAsync(Name, cancellationToken)))
            {
                WriteObject(alert.ToOutput());
            }
        }
        catch (EngineException e)
        {
            Report(e, Name ?? MyInvocation.MyCommand.Name);
        }
    }
}
