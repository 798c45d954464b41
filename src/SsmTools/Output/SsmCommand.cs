using System;
using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>A command as it was sent to at most fifty nodes.</summary>
public sealed class SsmCommand
{
    /// <summary>The command's id, as the console, CloudTrail and Get-SSMCommandInvocation have it.</summary>
    public string CommandId { get; internal init; } = "";

    /// <summary>The document that runs it.</summary>
    public string DocumentName { get; internal init; } = "";

    /// <summary>The nodes' ids.</summary>
    public IReadOnlyList<string> InstanceId { get; internal init; } = [];

    /// <summary>When it was sent, in local time.</summary>
    public DateTime RequestTime { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => CommandId;
}
