namespace SsmTools.Engine.Commands;

/// <summary>A command for Run Command: a script, or a document with its parameters.</summary>
public sealed record RunCommandOptions
{
    /// <summary>The script; null where <see cref="DocumentName"/> says it all.</summary>
    public string? Script { get; init; }

    /// <summary>What is to run the script.</summary>
    public ScriptLanguage Language { get; init; }

    /// <summary>A document of type Command in place of a script: name or ARN.</summary>
    public string? DocumentName { get; init; }

    /// <summary>Its version: a number, <c>$LATEST</c> or <c>$DEFAULT</c>; null for the latter.</summary>
    public string? DocumentVersion { get; init; }

    /// <summary>The document's parameters.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Where a script runs; null for the agent's own directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>For how long a script may run, whole seconds, 48 hours at most; null for the document's hour.</summary>
    public TimeSpan? ExecutionTimeout { get; init; }

    /// <summary>For how long a node may be out of reach, whole seconds, 30 seconds to 30 days; null for the service's hour.</summary>
    public TimeSpan? DeliveryTimeout { get; init; }

    /// <summary>On how many nodes it runs at once: <c>10</c> or <c>25%</c>; null for the service's 50.</summary>
    public string? MaxConcurrency { get; init; }

    /// <summary>How many nodes may fail before no further one gets it: <c>10</c> or <c>25%</c>; null for all of them.</summary>
    public string? MaxErrors { get; init; }

    /// <summary>The bucket that nodes put all of their output into; null for none.</summary>
    public string? OutputBucket { get; init; }

    /// <summary>What its keys begin with in there; null for the command's id.</summary>
    public string? OutputPrefix { get; init; }

    /// <summary>The group of CloudWatch Logs that nodes write all of their output to; null for none.</summary>
    public string? OutputLogGroup { get; init; }

    /// <summary>For the account's records, at most 100 characters.</summary>
    public string? Comment { get; init; }
}
