using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Gets the sandbox that runs in this process.</summary>
[Cmdlet(VerbsCommon.Get, "SsmSandbox")]
[OutputType(typeof(SsmSandbox))]
public sealed class GetSsmSandboxCommand : AsyncCmdlet
{
    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (SandboxKeeper.Instance.Current is { } running)
        {
            WriteObject(running.ToOutput());
        }

        return Task.CompletedTask;
    }
}
