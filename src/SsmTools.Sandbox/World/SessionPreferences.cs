namespace SsmTools.Sandbox.World;

/// <summary>What the account wants of its sessions: the inputs of SSM-SessionManagerRunShell that differ from AWS's.</summary>
internal sealed class SessionPreferences
{
    /// <summary>Gets or sets the KMS key that shells are encrypted with; empty for none.</summary>
    public string KmsKeyId { get; set; } = "";
}
