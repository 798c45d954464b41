using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Opens a PowerShell session on nodes, over ssh or WinRM through a tunnel that closes with the session.</summary>
[Cmdlet(VerbsCommon.New, "SsmPSSession", SupportsShouldProcess = true, DefaultParameterSetName = "Ssh")]
[OutputType(typeof(PSSession))]
public sealed class NewSsmPSSessionCommand : AwsCmdlet
{
    private readonly PendingTargets _pending = new();

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target", "Id")]
    [SsmTargetTransformation]
    [ArgumentCompleter(typeof(SessionTargetCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public SsmTargetParameter[] InstanceId { get; set; } = [];

    [Parameter(ParameterSetName = "Ssh")]
    [Alias("User")]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    [Parameter(ParameterSetName = "Ssh")]
    [Alias("KeyFilePath", "IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    [Parameter(ParameterSetName = "Ssh")]
    [ValidateNotNullOrEmpty]
    public string Subsystem { get; set; } = "powershell";

    [Parameter(ParameterSetName = "Ssh")]
    [Alias("SshOptions")]
    public Hashtable? SshOption { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "WinRM")]
    public SwitchParameter WinRM { get; set; }

    // -Credential is whom to call AWS as, here as everywhere.
    [Parameter(Mandatory = true, ParameterSetName = "WinRM")]
    [Credential]
    public PSCredential? NodeCredential { get; set; }

    [Parameter(ParameterSetName = "WinRM")]
    public SwitchParameter UseSSL { get; set; }

    [Parameter]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    // Not by property name: what Test-SsmRegistration returns has a Reason too, and it is another one.
    [Parameter]
    [ValidateLength(1, 256)]
    public string? Reason { get; set; }

    [Parameter]
    [Duration]
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromMinutes(10);

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (SsmTargetParameter target in InstanceId.Where(target => target.NotRegisteredBecause is not null))
        {
            WriteError(ErrorRecords.Create(
                ErrorIds.NotRegistered, ErrorCategory.ResourceUnavailable, target.Value, target.Value, target.NotRegisteredBecause!));
        }

        _pending.Add(GetContext(), InstanceId.Where(target => target.NotRegisteredBecause is null));
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach ((AwsContext context, IReadOnlyList<string> targets) in _pending.Rest())
        {
            (string[] nodes, _) = await ResolveAsync(context, targets, cancellationToken);
            foreach (string node in nodes)
            {
                await OpenAsync(context, node, cancellationToken);
            }
        }
    }

    private async Task OpenAsync(AwsContext context, string node, CancellationToken cancellationToken)
    {
        RemoteSession session = new(node, WinRM ? RemoteSession.WinRM(NodeCredential!, UseSSL) : Ssh())
        {
            Port = Port ?? (WinRM ? (UseSSL ? 5986 : 5985) : 22),
            Reason = Reason,
            ReconnectTimeout = ReconnectTimeout,
        };
        if (!ShouldProcess(node, $"Open a PowerShell session over {session.Transport}"))
        {
            return;
        }

        try
        {
            TunnelKeeper.Instance.Add(new SsmTunnel(
                await ShowWaitAsync(session.OpenTunnelAsync(context, cancellationToken)), name: null));
            WriteObject(await session.ConnectAsync(InvokeCommand));
        }
        catch (EngineException e)
        {
            Report(e, node);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            WriteError(ErrorRecords.Create(
                ErrorIds.PSSessionFailed,
                ErrorCategory.OpenError,
                node,
                node,
                session.Explain(e),
                WinRM ? "WinRM service" : "ssh server"));
        }
    }

    private Hashtable Ssh() => RemoteSession.Ssh(
        UserName, KeyFile is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFile), Subsystem, SshOption);
}
