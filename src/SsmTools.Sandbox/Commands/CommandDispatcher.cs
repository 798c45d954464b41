using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Commands;

/// <summary>
/// Run Command's heart: gives every node its turn, takes in what agents report, and gives up on nodes that are not
/// reached in time.
/// </summary>
internal sealed class CommandDispatcher(SandboxWorld world, Func<string, byte[], bool> send) : ICommandDispatcher, IDisposable
{
    private readonly Dictionary<string, (CommandRecord Command, ITimer Deadline)> _running = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Start(CommandRecord command)
    {
        lock (world.Gate)
        {
            _running.Add(command.CommandId, (command, world.Clock.CreateTimer(
                _ => GiveUp(command), null, command.DeliveryTimeout, Timeout.InfiniteTimeSpan)));
        }

        Advance(command);
    }

    /// <inheritdoc/>
    public void Cancel(CommandRecord command, IReadOnlyCollection<string> nodeIds)
    {
        List<string> told = [];
        lock (world.Gate)
        {
            command.IsCancelled |= nodeIds.Count == 0;
            foreach (InvocationRecord one in command.Invocations.Where(
                one => !one.IsOver && (nodeIds.Count == 0 || nodeIds.Contains(one.NodeId))))
            {
                if (one.IsDelivered)
                {
                    one.Become("Cancelling");
                    told.Add(one.NodeId);
                }
                else
                {
                    one.Sent ??= world.Now;
                    one.Become("Cancelled");
                }
            }
        }

        foreach (string node in told)
        {
            send(node, CommandMessages.Cancel(command, node, world.Ids.Uuid(), world.Now));
        }

        Advance(command);
    }

    /// <summary>An agent has come: it gets what has waited for it.</summary>
    public void OnConnected(string nodeId)
    {
        CommandRecord[] waiting;
        lock (world.Gate)
        {
            waiting = [.. _running.Values.Select(one => one.Command).Where(
                command => command.Invocations.Exists(one => one.NodeId == nodeId && one is { Sent: not null, IsDelivered: false, IsOver: false }))];
        }

        foreach (CommandRecord command in waiting)
        {
            Deliver(command, command.Invocations.Find(one => one.NodeId == nodeId)!);
        }
    }

    /// <summary>An agent has a job, or will not have it.</summary>
    public void OnReceipt(string nodeId, string jobId, int status)
    {
        Change(nodeId, jobId, one =>
        {
            one.IsAcknowledged = true;
            if (status == 200)
            {
                one.Become(one.Status == "Cancelling" ? "Cancelling" : "InProgress");
            }
            else
            {
                one.Become("Failed", "Undeliverable");
            }
        });
    }

    /// <summary>An agent tells how a job stands.</summary>
    public void OnReply(string nodeId, string jobId, string status, IReadOnlyList<StepRecord> steps)
    {
        Change(nodeId, jobId, one =>
        {
            one.IsAcknowledged = true;
            one.Steps.Clear();
            one.Steps.AddRange(steps);
            switch (status)
            {
                case "InProgress" or "Success" or "Cancelled":
                    one.Become(one.Status == "Cancelling" && status == "InProgress" ? "Cancelling" : status);
                    break;
                case "TimedOut":
                    one.Become("TimedOut", "ExecutionTimedOut");
                    break;
                default:
                    one.Become("Failed");
                    break;
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (world.Gate)
        {
            foreach ((CommandRecord _, ITimer deadline) in _running.Values)
            {
                deadline.Dispose();
            }

            _running.Clear();
        }
    }

    private void Change(string nodeId, string jobId, Action<InvocationRecord> change)
    {
        CommandRecord command;
        lock (world.Gate)
        {
            // An agent speaks for its own node only.
            if (!_running.TryGetValue(CommandMessages.CommandId(jobId), out (CommandRecord Command, ITimer Deadline) running)
                || running.Command.Invocations.Find(one => one.NodeId == nodeId) is not { } invocation)
            {
                return;
            }

            command = running.Command;
            change(invocation);
        }

        Advance(command);
    }

    /// <summary>Gives as many nodes their turn as may have it now, or ends the command.</summary>
    private void Advance(CommandRecord command)
    {
        List<InvocationRecord> next = [];
        lock (world.Gate)
        {
            List<InvocationRecord> all = command.Invocations;
            int most = CommandLimit.Of(command.MaxConcurrency, all.Count);
            int errors = CommandLimit.Of(command.MaxErrors, all.Count);
            int busy = all.Count(one => one.Sent is not null && !one.IsOver);
            foreach (InvocationRecord one in all.Where(one => one.Sent is null && !one.IsOver))
            {
                if (command.Errors > errors)
                {
                    one.Sent = world.Now;
                    one.Become("Cancelled", "Terminated");
                }
                else if (busy < most)
                {
                    one.Sent = world.Now;
                    busy++;
                    next.Add(one);
                }
            }

            if (all.TrueForAll(one => one.IsOver) && _running.Remove(command.CommandId, out (CommandRecord Command, ITimer Deadline) done))
            {
                done.Deadline.Dispose();
            }
        }

        next.ForEach(one => Deliver(command, one));
    }

    private void Deliver(CommandRecord command, InvocationRecord invocation)
    {
        bool isSent = send(invocation.NodeId, CommandMessages.Send(command, invocation.NodeId, world.Now));
        lock (world.Gate)
        {
            invocation.IsDelivered |= isSent;
        }
    }

    /// <summary>Ends what no agent has acknowledged in the time that it had.</summary>
    private void GiveUp(CommandRecord command)
    {
        lock (world.Gate)
        {
            foreach (InvocationRecord one in command.Invocations.Where(one => !one.IsAcknowledged && !one.IsOver))
            {
                one.Sent ??= world.Now;
                one.Become("TimedOut", "DeliveryTimedOut");
            }
        }

        Advance(command);
    }
}
