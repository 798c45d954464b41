namespace SsmTools.Engine;

/// <summary>
/// The one exception that engine operations throw on purpose. It carries all that an error record needs.
/// A cancelled operation throws <see cref="OperationCanceledException"/> instead, and only when the caller's own token
/// was cancelled.
/// </summary>
public sealed class EngineException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errorId">A stable identifier in PascalCase, for example <c>TargetNotConnected</c>.</param>
    /// <param name="kind">The sort of failure.</param>
    /// <param name="message">One sentence that says what happened, naming the thing it happened to.</param>
    /// <param name="recommendation">One sentence that says what to do next; null where there is nothing to say.</param>
    /// <param name="target">The name or id of what failed; null where there is none.</param>
    /// <param name="innerException">The cause, for the curious; never shown by default.</param>
    public EngineException(
        string errorId,
        ErrorKind kind,
        string message,
        string? recommendation = null,
        string? target = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Kind = kind;
        Recommendation = recommendation;
        Target = target;
    }

    /// <summary>A stable identifier in PascalCase; becomes the first part of FullyQualifiedErrorId.</summary>
    public string ErrorId { get; }

    /// <summary>The sort of failure.</summary>
    public ErrorKind Kind { get; }

    /// <summary>What to do next; null where there is nothing to say.</summary>
    public string? Recommendation { get; }

    /// <summary>The name or id of what failed; null where there is none.</summary>
    public string? Target { get; }
}
