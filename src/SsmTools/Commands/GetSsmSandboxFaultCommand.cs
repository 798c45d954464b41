using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Gets the faults that are switched on in the sandbox, and how often each acted.</summary>
[Cmdlet(VerbsCommon.Get, "SsmSandboxFault")]
[OutputType(typeof(SsmSandboxFault))]
public sealed class GetSsmSandboxFaultCommand : AsyncCmdlet
{
    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (SandboxKeeper.Instance.Current is { } running)
        {
            WriteObject(running.Host.Faults.Current.Select(fault => fault.ToOutput()), enumerateCollection: true);
        }

        return Task.CompletedTask;
    }
}
