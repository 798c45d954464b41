using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Ssm;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Associations;

/// <summary>
/// Runs associations: once when they are made or changed, then by their rate, and on a node that fits and has come since.
/// While a run goes on, its turn is passed over. Called without the world's lock.
/// </summary>
internal sealed class AssociationRunner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(1);

    private readonly ICommandDispatcher _dispatcher;
    private SandboxWorld? _world;

    public AssociationRunner(ICommandDispatcher dispatcher)
    {
        _dispatcher = dispatcher;
    }

    /// <summary>Takes up a new or changed association.</summary>
    public void Take(SandboxWorld world, AssociationRecord record)
    {
        _world = world;
        world.Associations.Connected ??= OnConnected;
        TimeSpan? period = RateExpression.Read(record.Request.Text("ScheduleExpression"));
        lock (world.Gate)
        {
            record.Timer?.Dispose();
            record.Timer = period is { } each ? world.Clock.CreateTimer(_ => Run(record), null, each, each) : null;
        }

        if (record.Request.Flag("ApplyOnlyAtCronInterval") != true)
        {
            Run(record);
        }
    }

    /// <summary>Runs it now, on all its nodes or on one.</summary>
    public void Run(AssociationRecord record, string? onlyNode = null)
    {
        CommandRecord command;
        lock (_world!.Gate)
        {
            if (record.IsGone || (onlyNode is null && record.LastRun is { IsOver: false }))
            {
                return;
            }

            command = Create(_world, record, onlyNode);
            if (onlyNode is not null && command.Invocations.Count == 0)
            {
                return;
            }

            AssociationRun run = new(_world.Ids.Uuid(), record.Version, _world.Now, command);
            record.Runs.Add(run);
            if (record.Runs.Count > AssociationRecord.Remembered)
            {
                record.Runs.RemoveAt(0);
            }

            foreach (InvocationRecord invocation in command.Invocations)
            {
                record.LastByNode[invocation.NodeId] = run;
            }
        }

        _dispatcher.Start(command);
    }

    private void OnConnected(string nodeId)
    {
        AssociationRecord[] missing;
        lock (_world!.Gate)
        {
            missing = [.. _world.Associations.Records.Values.Where(record => !record.LastByNode.ContainsKey(nodeId))];
        }

        foreach (AssociationRecord record in missing)
        {
            Run(record, nodeId);
        }
    }

    private static CommandRecord Create(SandboxWorld world, AssociationRecord record, string? onlyNode)
    {
        DocumentRecord document = DocumentOperations.Find(world, record.Request.Text("Name")!);
        CommandRecord command = new()
        {
            CommandId = world.Ids.Uuid(),
            Sequence = world.NextSequence(),
            Region = world.Region,
            DocumentName = document.Name,
            DocumentVersion = "$DEFAULT",
            Document = document.Default.Content,
            Parameters = record.Request.Part("Parameters").DeepClone().AsObject(),
            Request = [],
            Requested = world.Now,
            DeliveryTimeout = s_patience,
            MaxConcurrency = record.Request.Text("MaxConcurrency") ?? "100%",
            MaxErrors = record.Request.Text("MaxErrors") ?? "100%",
        };
        foreach (NodeRecord node in AssociationTargets.Find(world, record.Request).Where(node => onlyNode is null || node.NodeId == onlyNode))
        {
            InvocationRecord invocation = new(node.NodeId, node.Tags.GetValueOrDefault("Name") ?? node.Name ?? "");
            if (!CommandTargets.Fits(node, document))
            {
                invocation.Sent = world.Now;
                invocation.Become("Failed", "InvalidPlatform");
            }

            command.Invocations.Add(invocation);
        }

        return command;
    }
}
