namespace SsmTools.Engine.HostManagement;

/// <summary>How the tasks stand on one node.</summary>
public sealed record NodeCompliance
{
    /// <summary>The node's id.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The node's name.</summary>
    public string? Name { get; init; }

    /// <summary><c>Linux</c>, <c>Windows</c> or <c>MacOS</c>.</summary>
    public string? PlatformType { get; init; }

    /// <summary>The agent's version.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>Whether there is a newer one.</summary>
    public bool AgentOutdated { get; init; }

    /// <summary>How each task went the last time: its name, and Success, Failed, TimedOut, InProgress or Pending.</summary>
    public IReadOnlyDictionary<string, string> Tasks { get; init; } = new Dictionary<string, string>();

    /// <summary>When one of them ran last, UTC.</summary>
    public DateTime? LastRun { get; init; }

    /// <summary>How many patches the last scan missed; null where there was none.</summary>
    public int? MissingPatches { get; init; }

    /// <summary>Whether every task that is for the node went well; null where none is for it, or it is not managed at all.</summary>
    public bool? Compliant { get; init; }

    /// <summary>What is wrong, in a sentence; null where nothing is.</summary>
    public string? Problem { get; init; }
}
