using System.Text.RegularExpressions;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Commands;

/// <summary>Sends batches, without those nodes that the service will not have, and without sending one twice.</summary>
internal sealed partial class CommandSender(AwsContext context, TimeProvider timeProvider)
{
    /// <summary>
    /// How far the service's clock may be behind this one. Not more: the same command of a minute ago is not this one, and
    /// where clocks differ by more, it is better not known whether this one went out.
    /// </summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(5);

    /// <summary>Sends a batch.</summary>
    /// <returns>What went out, if anything did, and what did not.</returns>
    public async Task<(SentCommand? Sent, IReadOnlyList<EngineException> Failures)> SendAsync(
        CommandBatch batch, RunCommandOptions options, string? maxErrors, CancellationToken cancellationToken)
    {
        List<EngineException> failures = [];
        DateTimeOffset since = timeProvider.GetUtcNow() - s_skew;
        while (batch.InstanceIds.Count > 0)
        {
            try
            {
                Command command = await SendOnceAsync(batch, options, maxErrors, since, cancellationToken).ConfigureAwait(false);
                return (ToSent(command, batch), failures);
            }
            catch (EngineException e) when (Refused(e, batch) is { Length: > 0 } refused)
            {
                // One that was deregistered since it was looked at must not keep the others from it.
                failures.AddRange(refused.Select(id => NotSent(id, "Systems Manager does not take it for a managed node any more", e)));
                batch = batch with { InstanceIds = [.. batch.InstanceIds.Except(refused)] };
            }
            catch (EngineException e) when (e.Kind != ErrorKind.AuthenticationError)
            {
                failures.AddRange(batch.InstanceIds.Select(id => new EngineException(
                    e.ErrorId, e.Kind, $"The command was not sent to {id}: {e.Message}", e.Recommendation, id, e)));
                return (null, failures);
            }
        }

        return (null, failures);
    }

    /// <summary>The error of a node that does not get the command.</summary>
    public static EngineException NotSent(string id, string reason, Exception? inner = null) => new(
        "CommandNotSent",
        ErrorKind.ResourceUnavailable,
        $"The command was not sent to {id}: {reason}.",
        $"Test-SsmRegistration {id} says more.",
        id,
        inner);

    /// <summary>
    /// Sends it. Where the answer is lost, the command may run all the same; it is looked for then, because sending it
    /// again would run it twice: there is no client token for it.
    /// </summary>
    private async Task<Command> SendOnceAsync(
        CommandBatch batch, RunCommandOptions options, string? maxErrors, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            SendCommandResponse response = await ServiceCall.RunAsync(
                token => context.Ssm.SendCommandAsync(batch.ToRequest(options, maxErrors), token),
                batch.InstanceIds.Count == 1 ? batch.InstanceIds[0] : null,
                cancellationToken).ConfigureAwait(false);
            return response.Command!;
        }
        catch (EngineException e) when (e.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout or ErrorKind.ResourceUnavailable)
        {
            return await FindAsync(batch, since, cancellationToken).ConfigureAwait(false) ?? throw new EngineException(
                e.ErrorId,
                e.Kind,
                $"Whether the command went out is not known: {e.Message}",
                "Look for it with Get-SSMCommand or in the console before it is sent again.",
                e.Target,
                e);
        }
    }

    private async Task<Command?> FindAsync(CommandBatch batch, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            ListCommandsResponse response = await ServiceCall.RunAsync(
                token => context.Ssm.ListCommandsAsync(
                    new ListCommandsRequest { InstanceId = batch.InstanceIds[0], MaxResults = CommandBatch.Size }, token),
                null,
                cancellationToken).ConfigureAwait(false);
            return response.Commands
                .Where(command => command.RequestedDateTime >= since.UtcDateTime
                    && command.DocumentName == batch.DocumentName
                    && command.InstanceIds.ToHashSet(StringComparer.Ordinal).SetEquals(batch.InstanceIds)
                    && batch.Parameters.All(one => command.Parameters.GetValueOrDefault(one.Key)?.SequenceEqual(one.Value) == true))
                .MaxBy(command => command.RequestedDateTime);
        }
        catch (EngineException)
        {
            return null; // the first error counts
        }
    }

    private SentCommand ToSent(Command command, CommandBatch batch) => new(
        command.CommandId!,
        batch.DocumentName,
        batch.InstanceIds,
        command.RequestedDateTime ?? timeProvider.GetUtcNow().UtcDateTime);

    /// <summary>The nodes that the service's refusal names.</summary>
    private static string[] Refused(EngineException error, CommandBatch batch) =>
        error.InnerException is Amazon.Runtime.AmazonServiceException { ErrorCode: "InvalidInstanceId" } refusal
            ? [.. NodeId().Matches(refusal.Message).Select(match => match.Value).Intersect(batch.InstanceIds)]
            : [];

    [GeneratedRegex("m?i-[0-9a-f]{8,17}", RegexOptions.CultureInvariant)]
    private static partial Regex NodeId();
}
