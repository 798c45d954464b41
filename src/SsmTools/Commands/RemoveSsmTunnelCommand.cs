using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Closes tunnels: the port, the connections and the sessions.</summary>
[Cmdlet(VerbsCommon.Remove, "SsmTunnel", DefaultParameterSetName = "Tunnel", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SsmTunnel))]
public sealed class RemoveSsmTunnelCommand : AsyncCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Tunnel")]
    [ValidateNotNullOrEmpty]
    public SsmTunnel[] Tunnel { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LocalPort")]
    [ArgumentCompleter(typeof(TunnelPortCompleter))]
    [ValidateNotNullOrEmpty]
    public int[] LocalPort { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (int port in LocalPort)
        {
            SsmTunnel[] found = TunnelKeeper.Instance.List().Where(tunnel => tunnel.LocalPort == port).ToArray();
            if (found.Length == 0)
            {
                WriteError(ErrorRecords.Create(
                    ErrorIds.TunnelNotFound, ErrorCategory.ObjectNotFound, port, port.ToString(CultureInfo.InvariantCulture)));
            }

            await CloseAsync(found, cancellationToken);
        }

        await CloseAsync(Tunnel, cancellationToken);
    }

    private async Task CloseAsync(SsmTunnel[] tunnels, CancellationToken cancellationToken)
    {
        SsmTunnel[] closing = tunnels.Where(tunnel => ShouldProcess(tunnel.ToString(), "Close the tunnel")).ToArray();
        await Task.WhenAll(closing.Select(tunnel => tunnel.Tunnel.DisposeAsync().AsTask())).WaitAsync(cancellationToken);
        if (PassThru)
        {
            WriteObject(closing, enumerateCollection: true);
        }
    }
}
