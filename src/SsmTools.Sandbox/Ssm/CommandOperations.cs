using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Run Command: sending and calling off.</summary>
internal sealed partial class CommandOperations(ICommandDispatcher dispatcher)
{
    private const int DefaultTimeout = 3600;

    public JsonObject Send(ApiCall call)
    {
        CommandRecord command;
        lock (call.World.Gate)
        {
            command = Create(call);
            call.World.Commands.Add(command.CommandId, command);
        }

        dispatcher.Start(command);
        lock (call.World.Gate)
        {
            return new JsonObject { ["Command"] = CommandShapes.Command(command) };
        }
    }

    public JsonObject Cancel(ApiCall call)
    {
        CommandRecord command;
        IReadOnlyList<string> ids = call.Input.Texts("InstanceIds");
        lock (call.World.Gate)
        {
            command = Find(call.World, call.Required("CommandId"));
            if (ids.FirstOrDefault(id => !command.Invocations.Exists(one => one.NodeId == id)) is string stranger)
            {
                throw new ServiceError("InvalidInstanceId", $"The command is not for {stranger}.");
            }
        }

        dispatcher.Cancel(command, ids);
        return [];
    }

    /// <summary>A command by its id.</summary>
    /// <exception cref="ServiceError">InvalidCommandId: there is none.</exception>
    public static CommandRecord Find(SandboxWorld world, string id) =>
        world.Commands.GetValueOrDefault(id) ?? throw new ServiceError("InvalidCommandId", $"The command {id} does not exist.");

    private static CommandRecord Create(ApiCall call)
    {
        SandboxWorld world = call.World;
        DocumentRecord document = DocumentOperations.Find(world, call.Required("DocumentName"));
        if (document.DocumentType != "Command")
        {
            throw new ServiceError("InvalidDocument", $"Document {document.Name} is of type {document.DocumentType}, not Command.");
        }

        DocumentVersion version = DocumentOperations.FindVersion(document, call.Text("DocumentVersion") ?? "$DEFAULT");
        JsonObject parameters = call.Input.Part("Parameters");
        _ = DocumentParameters.Resolve(version.Content, parameters);
        string concurrency = Limit(call.Text("MaxConcurrency") ?? "50", "MaxConcurrency", least: 1);
        string errors = Limit(call.Text("MaxErrors") ?? "0", "MaxErrors", least: 0);
        CommandRecord command = new()
        {
            CommandId = world.Ids.Uuid(),
            Sequence = world.NextSequence(),
            Region = world.Region,
            DocumentName = document.Name,
            DocumentVersion = call.Text("DocumentVersion") ?? "$DEFAULT",
            Document = version.Content,
            Parameters = parameters.DeepClone().AsObject(),
            Request = call.Input.DeepClone().AsObject(),
            Requested = world.Now,
            DeliveryTimeout = TimeSpan.FromSeconds(call.Input.Int("TimeoutSeconds") ?? DefaultTimeout),
            MaxConcurrency = concurrency,
            MaxErrors = errors,
        };
        foreach (NodeRecord node in CommandTargets.Find(world, call.Input, document))
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

    private static string Limit(string text, string name, int least) =>
        LimitForm().IsMatch(text) && (least == 0 || !text.TrimStart('0').StartsWith('%') && text.Trim('0', '%').Length > 0)
            ? text
            : throw new ServiceError("ValidationException", $"{name} must be a number or a percentage, {least} or more.");

    [GeneratedRegex("^([0-9]{1,7}|[0-9]%|[1-9][0-9]%|100%)$", RegexOptions.CultureInvariant)]
    private static partial Regex LimitForm();
}
