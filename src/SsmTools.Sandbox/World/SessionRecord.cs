namespace SsmTools.Sandbox.World;

/// <summary>A session that was started, and its end once it has one.</summary>
internal sealed class SessionRecord
{
    public required string SessionId { get; init; }

    public required long Sequence { get; init; }

    public required string Target { get; init; }

    public required string Owner { get; init; }

    /// <summary>Gets the owner's id (aws:userid), which AWS tags the session with.</summary>
    public string OwnerId { get; init; } = "";

    public required string DocumentName { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Gets or sets when it ended; null while it lives.</summary>
    public DateTimeOffset? Ended { get; set; }

    /// <summary>Gets or sets Connecting, Connected, Disconnected, Terminating, Terminated or Failed.</summary>
    public string Status { get; set; } = "Connecting";
}
