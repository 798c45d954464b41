namespace SsmTools.Engine.Preferences;

/// <summary>What was found out about a place that sessions are to be logged to, or a key.</summary>
/// <param name="Errors">Why sessions would not start, or not be logged.</param>
/// <param name="Warnings">What people should know.</param>
internal sealed record LogPlace(IReadOnlyList<EngineException> Errors, IReadOnlyList<string> Warnings)
{
    public static LogPlace Good { get; } = new([], []);

    public static LogPlace Warn(string warning) => new([], [warning]);

    public static LogPlace Fail(EngineException error) => new([error], []);

    /// <summary>This one and another.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="isAsked">Whether the other one was asked for, so that its errors are more than warnings.</param>
    public LogPlace And(LogPlace other, bool isAsked = true) => isAsked
        ? new([.. Errors, .. other.Errors], [.. Warnings, .. other.Warnings])
        : new(Errors, [.. Warnings, .. other.Errors.Select(error => error.Message), .. other.Warnings]);
}
