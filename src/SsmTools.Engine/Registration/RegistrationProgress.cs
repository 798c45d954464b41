namespace SsmTools.Engine.Registration;

/// <summary>How far a wait has come.</summary>
public sealed record RegistrationProgress
{
    /// <summary>How many nodes are waited for in all.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them are registered.</summary>
    public required int Registered { get; init; }

    /// <summary>How many were given up, because they can no longer register.</summary>
    public required int GivenUp { get; init; }

    /// <summary>How long the wait has gone on.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>When it ends at the latest, counted from its beginning.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>A node that is still awaited, and why: <c>i-… (web): not seen by Systems Manager yet; …</c>.</summary>
    public required string Waiting { get; init; }

    /// <summary>How many are still awaited.</summary>
    public int Remaining => Total - Registered - GivenUp;
}
