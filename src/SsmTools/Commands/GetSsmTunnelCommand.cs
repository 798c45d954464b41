using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Lists the tunnels of this PowerShell.</summary>
[Cmdlet(VerbsCommon.Get, "SsmTunnel")]
[OutputType(typeof(SsmTunnel))]
public sealed class GetSsmTunnelCommand : AsyncCmdlet
{
    [Parameter(Position = 0)]
    [Alias("Target", "Id")]
    [ArgumentCompleter(typeof(TunnelTargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] InstanceId { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(TunnelPortCompleter))]
    [ValidateNotNullOrEmpty]
    public int[] LocalPort { get; set; } = [];

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        TunnelFilter filter = new(InstanceId, LocalPort);
        WriteObject(TunnelKeeper.Instance.List().Where(filter.Fits), enumerateCollection: true);
        return Task.CompletedTask;
    }
}
