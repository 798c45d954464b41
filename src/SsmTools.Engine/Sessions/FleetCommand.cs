using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Sessions;

/// <summary>One command on many nodes, several at a time, each in a session of its own.</summary>
public sealed class FleetCommand
{
    /// <summary>Nodes that are looked up at a time.</summary>
    private const int PageSize = 50;

    private readonly AwsContext _context;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates it.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's.</param>
    public FleetCommand(AwsContext context, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Runs the command and tells what happens on all nodes as it happens. Who stops listening, or cancels, ends the
    /// commands that run.
    /// </summary>
    /// <param name="targets">Ids of nodes.</param>
    /// <param name="options">The command.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    /// <exception cref="EngineException">
    /// What concerns all nodes alike, such as credentials that AWS does not know; what concerns one is an event.
    /// </exception>
    public async IAsyncEnumerable<FleetCommandEvent> RunAsync(
        IReadOnlyList<string> targets,
        FleetCommandOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Bounded: who does not listen fast enough holds the commands up, not the memory.
        Channel<FleetCommandEvent> events = Channel.CreateBounded<FleetCommandEvent>(256);
        Task running = RunAllAsync(targets, options, events.Writer, stop.Token);
        try
        {
            await foreach (FleetCommandEvent one in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return one;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAllAsync(
        IReadOnlyList<string> targets,
        FleetCommandOptions options,
        ChannelWriter<FleetCommandEvent> events,
        CancellationToken cancellationToken)
    {
        try
        {
            ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.ThrottleLimit, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(
                FindAsync(targets, cancellationToken),
                parallel,
                async (node, stop) => await events.WriteAsync(
                    await RunOneAsync(node, options, events, stop).ConfigureAwait(false), stop).ConfigureAwait(false))
                .ConfigureAwait(false);
            events.Complete();
        }
        catch (Exception e)
        {
            events.Complete(e);
        }
    }

    private async Task<FleetCommandEvent> RunOneAsync(
        NodeRegistration node, FleetCommandOptions options, ChannelWriter<FleetCommandEvent> events, CancellationToken cancellationToken)
    {
        FleetCommandEvent about = new() { Target = node.InstanceId, Name = node.Name };
        CommandSessionOptions command = new()
        {
            Target = node.InstanceId,
            Command = options.Command,
            DocumentName = options.DocumentName,
            Reason = options.Reason,
            ReconnectTimeout = options.ReconnectTimeout,
            IsWindowsNode = node.PlatformType == "Windows",
            AgentVersion = node.AgentVersion,
        };
        try
        {
            return about with
            {
                Result = await CommandSession.RunAsync(
                    _context,
                    command,
                    (text, stop) => events.WriteAsync(about with { Text = text }, stop),
                    _timeProvider,
                    cancellationToken).ConfigureAwait(false),
            };
        }
        catch (EngineException e) when (e.Kind != ErrorKind.AuthenticationError)
        {
            return about with { Failure = e };
        }
    }

    /// <summary>What is known of the nodes, fifty at a time. Without the right to know it is done as for Linux nodes.</summary>
    private async IAsyncEnumerable<NodeRegistration> FindAsync(
        IReadOnlyList<string> targets, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string[] page in targets.Distinct(StringComparer.Ordinal).Chunk(PageSize))
        {
            foreach (NodeRegistration node in await FindAsync(page, cancellationToken).ConfigureAwait(false))
            {
                yield return node;
            }
        }
    }

    private async Task<IReadOnlyList<NodeRegistration>> FindAsync(string[] page, CancellationToken cancellationToken)
    {
        try
        {
            List<NodeRegistration> nodes = [];
            await foreach (NodeSnapshot snapshot in
                new NodeReader(_context, _timeProvider).ReadAsync(page, cancellationToken).ConfigureAwait(false))
            {
                nodes.Add(snapshot.Node);
            }

            return nodes;
        }
        catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied)
        {
            return Array.ConvertAll(page, id => new NodeRegistration { InstanceId = id });
        }
    }
}
