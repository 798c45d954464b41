namespace SsmTools.Sandbox.Security;

/// <summary>A key pair, with a token and an end when it is a temporary one.</summary>
internal sealed record Credential
{
    public required string AccessKeyId { get; init; }

    public required string SecretAccessKey { get; init; }

    public string? SessionToken { get; init; }

    public required DateTimeOffset Issued { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public required Principal Principal { get; init; }

    /// <summary>The key id only: the rest is secret.</summary>
    public override string ToString() => AccessKeyId;
}
