using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Remoting;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Opens the desktop of a Windows instance, through a tunnel that closes with the Remote Desktop client.</summary>
[Cmdlet(VerbsCommunications.Connect, "SsmRdp")]
[OutputType(typeof(SsmRdpConnection))]
public sealed class ConnectSsmRdpCommand : OneTargetCmdlet
{
    [Parameter]
    [Alias("PemFile")]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    [Parameter]
    [Alias("User")]
    [ValidateNotNullOrEmpty]
    public string UserName { get; set; } = "Administrator";

    [Parameter]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = 3389;

    [Parameter]
    [ValidateRange(0, 65535)]
    public int LocalPort { get; set; }

    [Parameter]
    public SwitchParameter Clipboard { get; set; }

    [Parameter]
    public SwitchParameter NoClient { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

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
            if (await ChooseAsync(cancellationToken) is ({ } context, { } node))
            {
                target = node.InstanceId;
                await ConnectAsync(node, context, cancellationToken);
            }
        }
        catch (EngineException e)
        {
            Report(e, e.Target ?? target);
        }
    }

    private async Task ConnectAsync(TargetNode node, AwsContext context, CancellationToken cancellationToken)
    {
        RdpOptions options = new()
        {
            Target = node.InstanceId,
            Port = Port,
            LocalPort = LocalPort,
            UserName = UserName,
            KeyFile = KeyFile is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFile),
            StartsClient = !NoClient,
            Reason = Reason,
            ReconnectTimeout = ReconnectTimeout,
        };
        RdpConnection connection = await ShowWaitAsync(RdpConnection.OpenAsync(context, options, null, cancellationToken));
        bool isKept = false;
        try
        {
            SsmTunnel tunnel = new(connection.Tunnel, node.Name);
            TunnelKeeper.Instance.Add(tunnel);
            CopyPassword(connection);
            await connection.StartClientAsync(ProtectPassword(connection), cancellationToken);
            if (PassThru)
            {
                WriteObject(connection.ToOutput(node, tunnel));
                _ = connection.CloseAtTheEndAsync();
                isKept = true;
            }
            else
            {
                Tell(connection, node);
                await connection.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            if (!isKept)
            {
                await connection.DisposeAsync();
                connection.Password?.Dispose();
            }
        }
    }

    private void CopyPassword(RdpConnection connection)
    {
        if (Clipboard && connection.Password is { } password)
        {
            InvokeCommand.InvokeScript(
                @"param($Password) Microsoft.PowerShell.Management\Set-Clipboard -Value ([pscredential]::new('_', $Password).GetNetworkCredential().Password)",
                password);
        }
    }

    /// <summary>As PowerShell encrypts it on Windows, for this user alone: the way that Windows' client keeps it too.</summary>
    private string? ProtectPassword(RdpConnection connection) =>
        OperatingSystem.IsWindows() && connection is { Password: { } password, TakesPassword: true }
            ? InvokeCommand.InvokeScript(@"param($Password) Microsoft.PowerShell.Security\ConvertFrom-SecureString $Password", password)[0]
                .ToString()
            : null;

    private void Tell(RdpConnection connection, TargetNode node)
    {
        if (connection.Password is not null && !connection.TakesPassword && !Clipboard)
        {
            WriteWarning("The password was fetched, and nothing here takes it: have it with -Clipboard, or as the Credential of what -PassThru returns.");
        }

        if (!connection.CanWait)
        {
            string what = connection.ClientName is { } client
                ? $"{client} connects to {connection.Tunnel.LocalEndpoint}"
                : $"Connect a Remote Desktop client to {connection.Tunnel.LocalEndpoint}, as {connection.UserName}";
            HostInformationMessage message = new() { Message = $"{what}: that is {node.InstanceId}. Ctrl-C closes the tunnel." };
            WriteInformation(message, ["PSHOST"]);
        }
    }
}
