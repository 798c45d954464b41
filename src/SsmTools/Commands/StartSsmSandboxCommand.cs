using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Binding;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Output;
using SsmTools.Sandbox;

namespace SsmTools.Commands;

/// <summary>Starts a local stand-in for AWS in which every cmdlet of this module works.</summary>
[Cmdlet(VerbsLifecycle.Start, "SsmSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SsmSandbox))]
public sealed class StartSsmSandboxCommand : AsyncCmdlet
{
    [Parameter]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    [Parameter]
    [ValidateRange(0, 65535)]
    public int TlsPort { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CaPath { get; set; }

    [Parameter]
    [Duration]
    public TimeSpan BootDelay { get; set; } = TimeSpan.FromSeconds(2);

    [Parameter]
    [Duration]
    public TimeSpan ProfileDelay { get; set; } = TimeSpan.FromSeconds(1);

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FaultCompleter))]
    public string[] Fault { get; set; } = [];

    [Parameter]
    public int Seed { get; set; }

    [Parameter]
    public SwitchParameter NoEnvironment { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (SandboxKeeper.Instance.Current is { } running)
        {
            RefuseOther(running);
            WriteObject(running.ToOutput());
            return;
        }

        if (!ShouldProcess("127.0.0.1", "Start a sandbox for AWS" + (NoEnvironment ? "" : " and set AWS_* variables")))
        {
            return;
        }

        SandboxOptions options = new()
        {
            Port = Port,
            TlsPort = CaPath is not null || MyInvocation.BoundParameters.ContainsKey(nameof(TlsPort)) ? TlsPort : null,
            CaFile = CaPath is null ? null : GetUnresolvedProviderPathFromPSPath(CaPath),
            BootDelay = BootDelay,
            ProfileDelay = ProfileDelay,
            Faults = Fault,
            FaultSeed = Seed,
            WorkingDirectory = WorkingDirectory is null ? null : GetUnresolvedProviderPathFromPSPath(WorkingDirectory),
        };
        try
        {
            running = await SandboxKeeper.Instance.StartAsync(options, !NoEnvironment, cancellationToken);
            WriteObject(running.ToOutput());
        }
        catch (EngineException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, e.ErrorId == "FaultNotUnderstood" ? null : Port));
        }
    }

    /// <summary>One that runs is as good as a new one, unless something about it was asked for.</summary>
    private void RefuseOther(SandboxKeeper.Running running)
    {
        foreach (string parameter in MyInvocation.BoundParameters.Keys)
        {
            bool differs = parameter switch
            {
                nameof(Port) => Port != 0 && Port != new Uri(running.Host.Facts.Endpoint).Port,
                nameof(TlsPort) => running.Host.Facts.TlsEndpoint is not string tls || (TlsPort != 0 && TlsPort != new Uri(tls).Port),
                nameof(CaPath) => running.Host.Facts.CaFile != GetUnresolvedProviderPathFromPSPath(CaPath),
                nameof(NoEnvironment) => NoEnvironment == (running.Environment is not null),
                nameof(BootDelay) or nameof(ProfileDelay) or nameof(WorkingDirectory) or nameof(Fault) or nameof(Seed) => true,
                _ => false,
            };
            if (differs)
            {
                ThrowTerminatingError(ErrorRecords.Create(
                    ErrorIds.SandboxRunning,
                    ErrorCategory.ResourceExists,
                    running.Host.Facts.Endpoint,
                    running.Host.Facts.Endpoint,
                    parameter));
            }
        }
    }
}
