using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Completion;
using SsmTools.Engine;
using SsmTools.Output;
using SsmTools.Sandbox.Faults;

namespace SsmTools.Commands;

/// <summary>Has the sandbox lose, double, shuffle, delay, damage or refuse what goes through it, or stop doing so.</summary>
[Cmdlet(
    VerbsCommon.Set, "SsmSandboxFault", DefaultParameterSetName = SetSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SsmSandboxFault))]
public sealed class SetSsmSandboxFaultCommand : AsyncCmdlet
{
    private const string SetSet = "Set";
    private const string ClearSet = "Clear";

    [Parameter(ParameterSetName = SetSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FaultCompleter))]
    public string[] Fault { get; set; } = [];

    [Parameter(ParameterSetName = SetSet)]
    public int Seed { get; set; }

    [Parameter(ParameterSetName = ClearSet, Mandatory = true)]
    public SwitchParameter Clear { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public SsmSandbox? Sandbox { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        SandboxKeeper.Running? running = SandboxKeeper.Instance.Current;
        if (running is null || (Sandbox is not null && Sandbox.AccessKeyId != running.Host.Facts.AccessKeyId))
        {
            ThrowTerminatingError(ErrorRecords.Create(
                ErrorIds.SandboxNotRunning, ErrorCategory.ObjectNotFound, (object?)Sandbox?.Endpoint ?? "Sandbox"));
            return Task.CompletedTask;
        }

        try
        {
            Switch(running);
        }
        catch (EngineException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }

        return Task.CompletedTask;
    }

    private void Switch(SandboxKeeper.Running running)
    {
        SandboxFaults.Check(Fault);
        string change = ParameterSetName == ClearSet
            ? "Switch all faults off"
            : $"Switch these faults on, and all others off: {string.Join(", ", Fault)}";
        if (!ShouldProcess(running.Host.Facts.Endpoint, change))
        {
            return;
        }

        running.Host.Faults.Set(Fault, Seed);
        if (PassThru)
        {
            WriteObject(running.Host.Faults.Current.Select(fault => fault.ToOutput()), enumerateCollection: true);
        }
    }
}
