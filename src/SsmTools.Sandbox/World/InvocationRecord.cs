namespace SsmTools.Sandbox.World;

/// <summary>A command on one node.</summary>
internal sealed class InvocationRecord(string nodeId, string name)
{
    public string NodeId => nodeId;

    /// <summary>Gets the node's name at the time of the command; empty where it had none.</summary>
    public string Name => name;

    /// <summary>Gets Pending, InProgress, Success, Cancelled, TimedOut, Failed or Cancelling.</summary>
    public string Status { get; private set; } = "Pending";

    /// <summary>Gets the same with its reason.</summary>
    public string Details { get; private set; } = "Pending";

    /// <summary>Gets or sets when its turn came; null before: nobody is told of it until then.</summary>
    public DateTimeOffset? Sent { get; set; }

    /// <summary>Gets or sets a value indicating whether the message was handed to the agent.</summary>
    public bool IsDelivered { get; set; }

    /// <summary>Gets or sets a value indicating whether the agent said that it has it.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>Gets what the agent told of each step.</summary>
    public List<StepRecord> Steps { get; } = [];

    public bool IsOver => Status is "Success" or "Cancelled" or "TimedOut" or "Failed";

    public bool IsError => Status is "TimedOut" or "Failed";

    /// <summary>Sets the state; one that is over stays as it is.</summary>
    public void Become(string status, string? details = null)
    {
        if (!IsOver)
        {
            Status = status;
            Details = details ?? status;
        }
    }
}
