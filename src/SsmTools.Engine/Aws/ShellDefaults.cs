namespace SsmTools.Engine.Aws;

/// <summary>
/// What a shell has chosen for all commands in it: with AWS Tools for PowerShell the work of Set-AWSCredential and
/// Set-DefaultAWSRegion. Counts for less than a parameter and for more than the environment.
/// </summary>
public sealed record ShellDefaults
{
    /// <summary>The region's name, for example <c>eu-central-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>The name of a profile that must exist.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The access key's id; needs <see cref="SecretKey"/>. Counts for more than the profile.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret of the access key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>The token that belongs to temporary keys.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"ShellDefaults {{ Region = {Region}, ProfileName = {ProfileName} }}";
}
