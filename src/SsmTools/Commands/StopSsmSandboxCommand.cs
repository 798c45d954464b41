using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Stops the sandbox of this process, ends its shells and puts the environment back.</summary>
[Cmdlet(VerbsLifecycle.Stop, "SsmSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SsmSandbox))]
public sealed class StopSsmSandboxCommand : AsyncCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public SsmSandbox? Sandbox { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        // Stopping what has stopped is done already; and another one is not meant.
        if (SandboxKeeper.Instance.Current?.ToOutput() is not { } running
            || (Sandbox is not null && Sandbox.AccessKeyId != running.AccessKeyId))
        {
            return;
        }

        if (ShouldProcess(running.Endpoint, "Stop the sandbox"))
        {
            await SandboxKeeper.Instance.StopAsync(cancellationToken);
            if (PassThru)
            {
                WriteObject(running);
            }
        }
    }
}
