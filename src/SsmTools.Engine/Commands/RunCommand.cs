using System.Runtime.CompilerServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Commands;

/// <summary>One command on many nodes through Run Command, and what became of it, node by node.</summary>
public sealed class RunCommand
{
    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates it.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public RunCommand(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Sends the command to every node that can have it now, fifty a call, and tells of each as soon as it is done; of
    /// those that cannot have it, at once. Who stops listening, or cancels, calls off what still runs.
    /// </summary>
    /// <param name="instanceIds">Ids of nodes.</param>
    /// <param name="options">The command.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    /// <exception cref="EngineException">What concerns all nodes alike; what concerns one is an event.</exception>
    public async IAsyncEnumerable<RunCommandEvent> RunAsync(
        IReadOnlyList<string> instanceIds,
        RunCommandOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instanceIds);
        ArgumentNullException.ThrowIfNull(options);
        List<NodeRegistration> nodes = [];
        List<EngineException> unfit = [];
        await foreach (NodeRegistration node in LookAsync(instanceIds, cancellationToken).ConfigureAwait(false))
        {
            if (Obstacle(options, node) is { } reason)
            {
                unfit.Add(CommandSender.NotSent(node.Name is null ? node.InstanceId : $"{node.InstanceId} ({node.Name})", reason));
            }
            else
            {
                nodes.Add(node);
            }
        }

        foreach (EngineException failure in unfit)
        {
            yield return new RunCommandEvent { Failure = failure };
        }

        CommandRounds rounds = new(_context, _timeProvider, options, [.. CommandDocuments.Plan(options, nodes)], unfit.Count);
        WholeOutput whole = new(_context, _timeProvider, options);
        bool isOver = false;
        try
        {
            while (!rounds.IsOver)
            {
                IReadOnlyList<RunCommandEvent> events = await rounds.NextAsync(cancellationToken).ConfigureAwait(false);
                long seen = _timeProvider.GetTimestamp();
                foreach (RunCommandEvent one in events)
                {
                    if (!whole.IsFor(one.Outcome))
                    {
                        yield return one;
                        if (one.Outcome?.Steps.FirstOrDefault(step => step.Problem is not null)?.Problem is { } cause)
                        {
                            yield return new RunCommandEvent { Failure = WholeOutput.NotRead(one.Outcome, "Systems Manager", cause) };
                        }

                        continue;
                    }

                    (CommandOutcome outcome, EngineException? problem) =
                        await whole.CompleteAsync(one.Outcome!, seen, cancellationToken).ConfigureAwait(false);
                    yield return new RunCommandEvent { Outcome = outcome };
                    if (problem is not null)
                    {
                        yield return new RunCommandEvent { Failure = problem };
                    }
                }
            }

            isOver = true;
        }
        finally
        {
            if (!isOver)
            {
                await Farewell.CallOffAsync(_context, rounds.Running, rounds.Sending, CancelAsync).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What is known of the nodes. Without the right to know it is left to the service to say who can have it.</summary>
    private async IAsyncEnumerable<NodeRegistration> LookAsync(
        IReadOnlyList<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NodeReader reader = new(_context, _timeProvider) { ToleratesDenial = true };
        await foreach (NodeSnapshot snapshot in
            reader.ReadAsync(ids.Distinct(StringComparer.Ordinal), cancellationToken).ConfigureAwait(false))
        {
            yield return snapshot.InformationObstacle is null ? snapshot.Node : snapshot.Node with { Registered = true };
        }
    }

    private static string? Obstacle(RunCommandOptions options, NodeRegistration node) =>
        node.Registered ? CommandDocuments.Unfit(options, node) : node.Reason ?? "it is not registered";

    private Task CancelAsync(SentCommand command, CancellationToken cancellationToken) => ServiceCall.RunAsync(
        stop => _context.Ssm.CancelCommandAsync(new CancelCommandRequest { CommandId = command.CommandId }, stop),
        command.CommandId,
        cancellationToken);
}
