using System;
using System.Globalization;
using System.Management.Automation;
using System.Resources;
using SsmTools.Engine;

namespace SsmTools;

/// <summary>
/// The one place where failures become error records: those of the engine, and those that the cmdlets find themselves.
/// The latter have their id, text and next step under one key in Messages.resx, so that they cannot drift apart.
/// </summary>
internal static class ErrorRecords
{
    private static readonly ResourceManager s_messages = new("SsmTools.Messages", typeof(ErrorRecords).Assembly);

    /// <summary>An error that the cmdlet itself found.</summary>
    /// <param name="id">One of <see cref="ErrorIds"/>.</param>
    /// <param name="category">What sort of error.</param>
    /// <param name="target">What it happened to, as the user gave it.</param>
    /// <param name="arguments">What the text names, in its order.</param>
    internal static ErrorRecord Create(string id, ErrorCategory category, object target, params object?[] arguments)
    {
        return Build(new SsmException(id, Text(id, arguments), Text(id + "_Next", arguments), cause: null), category, target);
    }

    /// <summary>What an engine operation threw on purpose.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="target">What the user had named, where the engine does not know it.</param>
    /// <param name="done">What had been done before, in a sentence; null where it was nothing.</param>
    internal static ErrorRecord From(EngineException e, object? target = null, string? done = null)
    {
        // The names are the same by contract; see ErrorKind.
        ErrorCategory category = Enum.Parse<ErrorCategory>(e.Kind.ToString());
        string? cause = e.InnerException is { } inner ? $"{inner.GetType().Name}: {inner.Message}" : null;
        string message = done is null ? e.Message : $"{e.Message} {done}";
        return Build(new SsmException(e.ErrorId, message, e.Recommendation, cause), category, target ?? e.Target);
    }

    /// <summary>What nobody expected: still an error record with an id and a sentence.</summary>
    internal static ErrorRecord Unexpected(Exception e, string command) => e switch
    {
        EngineException known => From(known),

        // Not by Ctrl-C, so something gave up waiting without saying so.
        OperationCanceledException => Create(ErrorIds.TimedOut, ErrorCategory.OperationTimeout, command, command),
        _ => Create(
            ErrorIds.UnexpectedError, ErrorCategory.InvalidResult, command, command, e.GetType().Name, e.Message),
    };

    private static string Text(string key, object?[] arguments) => string.Format(
        CultureInfo.CurrentCulture, s_messages.GetString(key, CultureInfo.CurrentUICulture)!, arguments);

    private static ErrorRecord Build(SsmException exception, ErrorCategory category, object? target) =>
        new(exception, exception.ErrorId, category, target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = exception.Recommendation ?? "" },
        };
}
