using System;

namespace SsmTools;

/// <summary>
/// What the error records of this module carry: text only, so that neither the engine's types nor the AWS SDK's reach
/// the shell.
/// </summary>
public sealed class SsmException : Exception
{
    internal SsmException(string errorId, string message, string? recommendation, string? cause)
        : base(message)
    {
        ErrorId = errorId;
        Recommendation = recommendation;
        Cause = cause;
    }

    /// <summary>The stable id, without the cmdlet's name.</summary>
    public string ErrorId { get; }

    /// <summary>What to do next; null where there is nothing to say.</summary>
    public string? Recommendation { get; }

    /// <summary>What the service or the system had said; null where the failure began here.</summary>
    public string? Cause { get; }
}
