using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Engine;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Commands;

/// <summary>
/// Base of the cmdlets that change something: the engine compares what is wanted with what is there, the user sees each
/// difference (-WhatIf) or agrees to it (-Confirm), and what was made before a failure is never left unsaid.
/// </summary>
public abstract class PlanCmdlet : AwsCmdlet
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes the changes of a plan that the user agrees to.</summary>
    /// <param name="makePlan">Asks the engine for the plan.</param>
    /// <param name="target">What the user had named, for errors.</param>
    /// <param name="output">Receives the result, when every change was made.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    private protected async Task ApplyAsync<T>(
        Func<CancellationToken, Task<Plan<T>>> makePlan,
        string target,
        Action<T> output,
        CancellationToken cancellationToken)
    {
        List<PlannedChange> made = [];
        IReadOnlyList<PlannedChange> changes = [];
        T result;
        try
        {
            Plan<T> plan = await ShowWaitAsync(makePlan(cancellationToken));
            changes = plan.Changes;
            foreach (string warning in plan.Warnings)
            {
                WriteWarning(warning);
            }

            foreach (EngineException problem in plan.Problems)
            {
                Report(problem, problem.Target ?? target);
            }

            if (!await MakeChangesAsync(changes, made, cancellationToken))
            {
                return;
            }

            result = await ShowWaitAsync(plan.GetResultAsync(cancellationToken), plan.Awaited);
        }
        catch (EngineException e)
        {
            Report(e, target, SayWhatWasMade(made, changes));
            return;
        }
        catch (OperationCanceledException) when (SayWhatWasMade(made, changes) is { } done)
        {
            // A stopped pipeline takes no more warnings; the host does.
            Host.UI?.WriteWarningLine($"Stopped. {done}");
            throw;
        }

        output(result);
    }

    private async Task<bool> MakeChangesAsync(
        IReadOnlyList<PlannedChange> changes,
        List<PlannedChange> made,
        CancellationToken cancellationToken)
    {
        bool all = true;
        foreach (PlannedChange change in changes)
        {
            string description = $"Performing the operation \"{change.Action}\" on target \"{change.Target}\".";
            if (ShouldProcess(description, null, null, out ShouldProcessReason reason))
            {
                await MakeAsync(change, cancellationToken);
                made.Add(change);
            }
            else if (reason == ShouldProcessReason.WhatIf)
            {
                all = false;
            }
            else
            {
                // Changes build on each other: without this one, those that follow would only fail.
                WriteVerbose($"Not done, and nothing after it either: {change}.");
                return false;
            }
        }

        return all;
    }

    /// <summary>Most changes take no time. One that does, as a profile that EC2 cannot see yet, is shown.</summary>
    private async Task MakeAsync(PlannedChange change, CancellationToken cancellationToken)
    {
        using ProgressLine line = new(this, MyInvocation.MyCommand.Name);
        Task making = change.ApplyAsync(cancellationToken);
        if (await Task.WhenAny(making, Task.Delay(s_patience, cancellationToken)) != making)
        {
            line.Report(change.ToString());
        }

        await making;
    }

    private static string? SayWhatWasMade(List<PlannedChange> made, IReadOnlyList<PlannedChange> changes) =>
        made.Count == 0
            ? null
            : string.Format(
                CultureInfo.CurrentCulture,
                "{0} of {1} changes had been made ({2}); the same command goes on from there.",
                made.Count,
                changes.Count,
                string.Join("; ", made.Select(change => change.ToString())));
}
