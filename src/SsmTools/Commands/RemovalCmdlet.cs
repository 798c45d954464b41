using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Commands;

/// <summary>Base of the cmdlets that undo what one of this module's made: they keep what it did not, and return nothing unasked.</summary>
public abstract class RemovalCmdlet : PlanCmdlet
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Removes what the user agrees to.</summary>
    /// <param name="makePlan">Asks the engine for the plan.</param>
    /// <param name="target">What the user had named, for errors.</param>
    /// <param name="toOutput">From what was removed to what users see of it.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    private protected Task RemoveAsync<T>(
        Func<CancellationToken, Task<Plan<T>>> makePlan,
        string target,
        Func<T, object> toOutput,
        CancellationToken cancellationToken) => ApplyAsync(
            makePlan,
            target,
            removed =>
            {
                if (PassThru)
                {
                    WriteObject(toOutput(removed));
                }
            },
            cancellationToken);
}
