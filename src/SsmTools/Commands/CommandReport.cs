using System.Management.Automation;
using SsmTools.Engine.Commands;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>From what happens to a command to what users see of it, in a pipeline and in a job.</summary>
internal static class CommandReport
{
    /// <summary>The object that an event stands for; null for none.</summary>
    /// <param name="one">What happened.</param>
    /// <param name="passThru">Whether commands that were sent are objects, too.</param>
    internal static object? Output(RunCommandEvent one, bool passThru) => one switch
    {
        { Outcome: { } outcome } => outcome.ToOutput(),
        { Sent: { } sent } when passThru => sent.ToOutput(),
        _ => null,
    };

    /// <summary>
    /// The error that an event stands for; null for none. A command that ended with another exit code than 0 is none.
    /// </summary>
    internal static ErrorRecord? Error(RunCommandEvent one) => one switch
    {
        { Failure: { } failure } => ErrorRecords.From(failure),
        { Outcome: { Status: not ("Success" or "Failed") } outcome } => ErrorRecords.Create(
            ErrorIds.CommandNotRun, ErrorCategory.OperationStopped, outcome.InstanceId, outcome.InstanceId, outcome.Status, outcome.CommandId),
        _ => null,
    };

    /// <summary>How far it is, in words.</summary>
    internal static string Text(CommandProgress progress) => progress.Failed == 0
        ? $"{progress.Done} of {progress.Total} nodes are done, {progress.Running} run it"
        : $"{progress.Done} of {progress.Total} nodes are done, {progress.Failed} failed, {progress.Running} run it";

    /// <summary>How far it is, in percent.</summary>
    internal static int Percent(CommandProgress progress) =>
        progress.Total == 0 ? 100 : 100 * (progress.Done + progress.Failed) / progress.Total;
}
