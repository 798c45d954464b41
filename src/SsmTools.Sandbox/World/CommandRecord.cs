using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>A command that was sent to nodes.</summary>
internal sealed class CommandRecord
{
    public required string CommandId { get; init; }

    public required long Sequence { get; init; }

    /// <summary>Gets where it was sent from.</summary>
    public required string Region { get; init; }

    public required string DocumentName { get; init; }

    public required string DocumentVersion { get; init; }

    /// <summary>Gets the document's content. Not to be changed.</summary>
    public required JsonObject Document { get; init; }

    /// <summary>Gets the parameters as the caller gave them.</summary>
    public required JsonObject Parameters { get; init; }

    /// <summary>Gets what the caller asked for, for what is only shown again: comment, output, role, targets.</summary>
    public required JsonObject Request { get; init; }

    public required DateTimeOffset Requested { get; init; }

    /// <summary>Gets for how long a node may be out of reach.</summary>
    public required TimeSpan DeliveryTimeout { get; init; }

    /// <summary>Gets how many nodes run it at once at most: a number or a share, as the caller gave it.</summary>
    public required string MaxConcurrency { get; init; }

    /// <summary>Gets how many may fail before no further node gets it.</summary>
    public required string MaxErrors { get; init; }

    /// <summary>Gets one for each node that it is meant for, in the order in which they get it.</summary>
    public List<InvocationRecord> Invocations { get; } = [];

    /// <summary>Gets or sets a value indicating whether somebody called it off.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Gets how many nodes ended in an error.</summary>
    public int Errors => Invocations.Count(one => one.IsError);

    /// <summary>Gets Pending, InProgress, Success, Cancelled, Failed, TimedOut or Cancelling.</summary>
    public string Status => this switch
    {
        { Invocations.Count: 0 } => "Success",
        _ when !Invocations.TrueForAll(one => one.IsOver) => IsCancelled
            ? "Cancelling"
            : Invocations.TrueForAll(one => one.Status == "Pending") ? "Pending" : "InProgress",
        _ when Invocations.Exists(one => one.Status == "Failed") => "Failed",
        _ when Invocations.Exists(one => one.Status == "TimedOut") => "TimedOut",
        _ when Invocations.Exists(one => one.Status == "Cancelled") => "Cancelled",
        _ => "Success",
    };

    /// <summary>Gets the same with its reason.</summary>
    public string StatusDetails => Invocations switch
    {
        [] => "NoInstancesInTag",
        _ when Invocations.Exists(one => one.Details == "Terminated") => "RateExceeded",
        _ when Status == "TimedOut" => "DeliveryTimedOut",
        _ => Status,
    };
}
