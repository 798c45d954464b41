using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Commands;

/// <summary>
/// Reads what nodes did. A listing has enough for short outputs, fifty nodes a call; longer ones take a call each.
/// </summary>
internal sealed class InvocationReader(AwsContext context)
{
    /// <summary>Most of a step's output in a listing; what comes near it may be cut.</summary>
    private const int ListedOutput = 2400;

    private static readonly string[] s_notThere = ["InvocationDoesNotExist", "InvalidPluginName"];

    /// <summary>What an agent puts between the two in a listing (amazon-ssm-agent, iohandler).</summary>
    private const string Divider = "\n----------ERROR-------\n";

    /// <summary>The nodes of a command that are done and were not told of before.</summary>
    public async Task<IReadOnlyList<CommandOutcome>> ReadAsync(
        string commandId, IReadOnlySet<string> awaited, CancellationToken cancellationToken)
    {
        List<CommandInvocation> invocations = await ServiceCall.ListAsync(
            token => context.Ssm.ListCommandInvocationsItemsAsync(
                new ListCommandInvocationsRequest { CommandId = commandId, Details = true, MaxResults = CommandBatch.Size }, token),
            commandId,
            cancellationToken).ConfigureAwait(false);
        List<CommandOutcome> done = [];
        foreach (CommandInvocation invocation in invocations.Where(one => awaited.Contains(one.InstanceId!) && IsOver(one)))
        {
            done.Add(await ReadAsync(invocation, cancellationToken).ConfigureAwait(false));
        }

        return done;
    }

    private static bool IsOver(CommandInvocation invocation) => invocation.Status
        is CommandInvocationStatus.Success
        or CommandInvocationStatus.Failed
        or CommandInvocationStatus.Cancelled
        or CommandInvocationStatus.TimedOut;

    private async Task<CommandOutcome> ReadAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        List<StepOutput> steps = [];
        foreach (CommandPlugin step in invocation.CommandPlugins)
        {
            (string output, string error) = Divide(step.Output ?? "");
            StepOutput listed = new(step.Name ?? "", output, error, step.StandardOutputUrl, step.StandardErrorUrl);
            steps.Add(step.Output is { Length: >= ListedOutput }
                ? await ReadMoreAsync(invocation, listed, cancellationToken).ConfigureAwait(false)
                : listed);
        }

        bool isTruncated = steps.Exists(step => step.IsOutputCut || step.IsErrorCut);
        CommandPlugin? telling = invocation.CommandPlugins.Find(step => step.Status is not CommandPluginStatus.Success)
            ?? invocation.CommandPlugins.LastOrDefault();
        return new CommandOutcome
        {
            CommandId = invocation.CommandId!,
            InstanceId = invocation.InstanceId!,
            Name = string.IsNullOrEmpty(invocation.InstanceName) ? null : invocation.InstanceName,
            Status = (invocation.StatusDetails ?? invocation.Status!).Replace(" ", "", StringComparison.Ordinal),
            ExitCode = telling is { Status: CommandPluginStatus.Success or CommandPluginStatus.Failed, ResponseCode: { } code } ? code : null,
            Output = string.Concat(steps.Select(step => step.Output)),
            Error = string.Concat(steps.Select(step => step.Error)),
            IsTruncated = isTruncated,
            Steps = isTruncated ? steps : [],
            StartedAt = invocation.CommandPlugins.FirstOrDefault()?.ResponseStartDateTime,
            EndedAt = invocation.CommandPlugins.LastOrDefault()?.ResponseFinishDateTime,
        };
    }

    private static (string Output, string Error) Divide(string both)
    {
        int at = both.IndexOf(Divider, StringComparison.Ordinal);
        return at < 0 ? (both, "") : (both[..at], both[(at + Divider.Length)..]);
    }

    /// <summary>As much as the service keeps; for whoever may not have that, what the listing has.</summary>
    private async Task<StepOutput> ReadMoreAsync(
        CommandInvocation invocation, StepOutput listed, CancellationToken cancellationToken)
    {
        try
        {
            GetCommandInvocationResponse whole = await ServiceCall.RunAsync(
                token => context.Ssm.GetCommandInvocationAsync(
                    new GetCommandInvocationRequest
                    {
                        CommandId = invocation.CommandId,
                        InstanceId = invocation.InstanceId,
                        PluginName = listed.Name,
                    },
                    token),
                invocation.InstanceId,
                cancellationToken).ConfigureAwait(false);
            return listed with { Output = whole.StandardOutputContent ?? "", Error = whole.StandardErrorContent ?? "" };
        }
        catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied || AwsErrors.HasCode(e, s_notThere))
        {
            // What one node wrote is no reason to lose what became of the others.
            return listed with { Problem = e };
        }
    }
}
