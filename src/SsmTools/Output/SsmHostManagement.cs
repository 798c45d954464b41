using System;
using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>One task of host management, and how it stands.</summary>
public sealed class SsmHostManagement
{
    /// <summary>The set's name; the association's, where this module did not make it.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>AgentUpdate, Inventory, PatchScan, CloudWatchAgent, CloudWatchConfig or DefaultHostManagement.</summary>
    public string Task { get; internal init; } = "";

    /// <summary>Success, Failed or Pending; On or Off for Default Host Management.</summary>
    public string? Status { get; internal init; }

    /// <summary>On how many nodes it went well the last time.</summary>
    public int Succeeded { get; internal init; }

    /// <summary>On how many it failed.</summary>
    public int Failed { get; internal init; }

    /// <summary>How many it has not reached yet.</summary>
    public int Pending { get; internal init; }

    /// <summary>When it runs, for example rate(14 days).</summary>
    public string? Schedule { get; internal init; }

    /// <summary>On what: all, tags, ids.</summary>
    public IReadOnlyList<string> Targets { get; internal init; } = [];

    /// <summary>When it ran last, local time.</summary>
    public DateTime? LastRun { get; internal init; }

    /// <summary>What runs: a document, or the role that Default Host Management gives.</summary>
    public string? Document { get; internal init; }

    /// <summary>The association's id.</summary>
    public string? AssociationId { get; internal init; }

    /// <summary>SsmTools, QuickSetup or Other.</summary>
    public string MadeBy { get; internal init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Task}";
}
