using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>The commands that were sent, and what became of them.</summary>
internal static class CommandListing
{
    private const int DefaultPage = 50;

    public static JsonObject ListCommands(ApiCall call)
    {
        string? node = call.Text("InstanceId");
        IEnumerable<CommandRecord> commands = Commands(call)
            .Where(command => node is null || command.Invocations.Exists(one => one.NodeId == node))
            .Where(command => Filters(call).All(filter => Fits(filter, command.Status, command.Requested, command.DocumentName)));

        // Newest first: the key counts down.
        (IReadOnlyList<CommandRecord> page, string? next) = Paging.Page(
            commands, command => Paging.Key(long.MaxValue - command.Sequence),
            "ListCommands", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject { ["Commands"] = page.ToJson(CommandShapes.Command), ["NextToken"] = next };
    }

    public static JsonObject ListInvocations(ApiCall call)
    {
        string? node = call.Text("InstanceId");
        bool hasDetails = call.Input.Flag("Details") == true;
        IEnumerable<(CommandRecord Command, InvocationRecord One, int Index)> all = Commands(call)
            .SelectMany(command => command.Invocations.Select((one, index) => (command, one, index)))
            .Where(item => item.one.Sent is not null && (node is null || item.one.NodeId == node))
            .Where(item => Filters(call).All(filter => Fits(filter, item.one.Status, item.command.Requested, item.command.DocumentName)));
        (IReadOnlyList<(CommandRecord Command, InvocationRecord One, int Index)> page, string? next) = Paging.Page(
            all, item => Paging.Key(long.MaxValue - item.Command.Sequence) + Paging.Key(item.Index),
            "ListCommandInvocations", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject
        {
            ["CommandInvocations"] = page.ToJson(item => CommandShapes.Invocation(item.Command, item.One, hasDetails)),
            ["NextToken"] = next,
        };
    }

    public static JsonObject GetInvocation(ApiCall call)
    {
        CommandRecord command = CommandOperations.Find(call.World, call.Required("CommandId"));
        string node = call.Required("InstanceId");
        InvocationRecord invocation = command.Invocations.Find(one => one.NodeId == node && one.Sent is not null)
            ?? throw new ServiceError("InvocationDoesNotExist", "The command ID and managed node ID you specified didn't match any invocations.");
        string? plugin = call.Text("PluginName");
        StepRecord? step = plugin is null
            ? invocation.Steps.FirstOrDefault()
            : invocation.Steps.Find(step => step.Name == plugin)
                ?? throw new ServiceError("InvalidPluginName", $"The plugin name {plugin} isn't valid.");
        return CommandShapes.Result(command, invocation, step);
    }

    private static CommandRecord[] Commands(ApiCall call) => call.Text("CommandId") is string id
        ? [CommandOperations.Find(call.World, id)]
        : [.. call.World.Commands.Values];

    private static IEnumerable<JsonObject> Filters(ApiCall call) => call.Input.Parts("Filters");

    private static bool Fits(JsonObject filter, string status, DateTimeOffset requested, string document)
    {
        string value = filter.Text("value") ?? "";
        return filter.Text("key") switch
        {
            "Status" => status == value,
            "DocumentName" => document == value,
            "InvokedAfter" => requested >= Time(value),
            "InvokedBefore" => requested < Time(value),
            _ => throw new ServiceError("InvalidFilterKey", "The specified key isn't valid."),
        };
    }

    private static DateTimeOffset Time(string value) => Timestamps.TryParse(value, out DateTimeOffset time)
        ? time
        : throw new ServiceError("ValidationException", $"{value} is not a valid date and time.");
}
