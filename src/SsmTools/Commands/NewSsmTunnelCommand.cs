using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Tunnels;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Opens local ports that lead through an instance to a port of it, or of a host behind it.</summary>
[Cmdlet(VerbsCommon.New, "SsmTunnel", DefaultParameterSetName = "Port", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SsmTunnel), ParameterSetName = ["Port", "Forward", "Dynamic"])]
public sealed class NewSsmTunnelCommand : OneTargetCmdlet
{
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = "Port")]
    [ValidateRange(1, 65535)]
    public int RemotePort { get; set; }

    [Parameter(ParameterSetName = "Port")]
    [ValidateNotNullOrEmpty]
    public string? RemoteHost { get; set; }

    [Parameter(ParameterSetName = "Port")]
    [Parameter(ParameterSetName = "Dynamic")]
    [ValidateRange(0, 65535)]
    public int LocalPort { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Forward")]
    [ValidateNotNullOrEmpty]
    public string[] Forward { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Dynamic")]
    public SwitchParameter Dynamic { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string LocalAddress { get; set; } = "127.0.0.1";

    [Parameter]
    [ValidateRange(1, 32)]
    public int Sessions { get; set; } = 1;

    [Parameter]
    public SwitchParameter KeepAlive { get; set; }

    // Not by property name: what Test-SsmRegistration returns has a Reason too, and it is another one.
    [Parameter]
    [ValidateLength(1, 256)]
    public string? Reason { get; set; }

    [Parameter]
    [Duration]
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Only when the pipeline has ended is it known that there is one target and not two.</summary>
    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        string target = Named;
        try
        {
            Forward[] forwards = ParameterSetName == "Forward"
                ? Forward.Select(Engine.Tunnels.Forward.Parse).ToArray()
                : [new Forward { LocalPort = LocalPort, RemoteHost = RemoteHost, RemotePort = RemotePort }];
            if (await ChooseAsync(cancellationToken) is ({ } context, { } node))
            {
                target = node.InstanceId;
                await OpenAsync(node, context, forwards, cancellationToken);
            }
        }
        catch (EngineException e)
        {
            Report(e, e.ErrorId == "InvalidForward" ? e.Target! : target);
        }
    }

    private async Task OpenAsync(
        TargetNode node, AwsContext context, Forward[] forwards, CancellationToken cancellationToken)
    {
        Forward[] wanted = forwards.Where(forward => ShouldProcess(
            node.InstanceId, Dynamic ? "Open a SOCKS port" : $"Open a tunnel to {forward}")).ToArray();
        TunnelOptions options = new()
        {
            Target = node.InstanceId,
            Forward = forwards[0],
            LocalAddress = LocalAddress,
            Sessions = Sessions,
            KeepAlive = KeepAlive,
            IsDynamic = Dynamic,
            Reason = Reason,
            ReconnectTimeout = ReconnectTimeout,
        };
        foreach (TunnelResult result in await ShowWaitAsync(
            Tunnel.OpenAsync(context, options, wanted, null, cancellationToken)))
        {
            if (result.Error is { } error)
            {
                Report(error, error.Target ?? node.InstanceId);
                continue;
            }

            SsmTunnel tunnel = new(result.Tunnel!, node.Name);
            TunnelKeeper.Instance.Add(tunnel);
            foreach (string warning in result.Tunnel!.Warnings)
            {
                WriteWarning(warning);
            }

            WriteObject(tunnel);
        }
    }
}
