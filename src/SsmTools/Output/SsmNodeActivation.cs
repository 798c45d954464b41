using System;
using System.Security;

namespace SsmTools.Output;

/// <summary>Leave for machines outside EC2 to become managed nodes, and the script by which they do.</summary>
public sealed class SsmNodeActivation
{
    /// <summary>The name that the nodes get.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The activation's id; Unregister-SsmNode takes it from the pipeline.</summary>
    public string ActivationId { get; internal init; } = "";

    /// <summary>The secret that goes with it, which AWS tells once.</summary>
    public SecureString ActivationCode { get; internal init; } = new();

    /// <summary>The role that the nodes get.</summary>
    public string RoleName { get; internal init; } = "";

    /// <summary>How many machines may register.</summary>
    public int RegistrationLimit { get; internal init; }

    /// <summary>Until when, local time.</summary>
    public DateTime ExpirationDate { get; internal init; }

    /// <summary>The region that they register in.</summary>
    public string Region { get; internal init; } = "";

    /// <summary>The tier of hybrid nodes there: Session Manager serves them in the advanced one.</summary>
    public string? Tier { get; internal init; }

    /// <summary>What the script runs on.</summary>
    public string Platform { get; internal init; } = "";

    /// <summary>The script, which has the code in it: ConvertFrom-SecureString -AsPlainText shows it.</summary>
    public SecureString JoinScript { get; internal init; } = new();

    /// <summary>The file that the script was written to, or null.</summary>
    public string? ScriptPath { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => ActivationId;
}
