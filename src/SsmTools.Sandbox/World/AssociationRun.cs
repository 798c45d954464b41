namespace SsmTools.Sandbox.World;

/// <summary>One run of an association: a command that Run Command does not list.</summary>
internal sealed class AssociationRun(string id, int version, DateTimeOffset created, CommandRecord command)
{
    public string Id => id;

    public int Version => version;

    public DateTimeOffset Created => created;

    public CommandRecord Command => command;

    public bool IsOver => command.Invocations.TrueForAll(one => one.IsOver);

    /// <summary>Gets Success, Failed, InProgress or Pending.</summary>
    public string Status => command.Status switch
    {
        "Success" or "Pending" => command.Status,
        "InProgress" or "Cancelling" => "InProgress",
        _ => "Failed",
    };

    /// <summary>How a node stands: Success, Failed, TimedOut, InProgress or Pending.</summary>
    public static string StatusOf(InvocationRecord invocation) => invocation.Status switch
    {
        "Cancelled" or "Cancelling" => "Failed",
        string status => status,
    };

    public InvocationRecord? Of(string nodeId) => command.Invocations.Find(one => one.NodeId == nodeId);
}
