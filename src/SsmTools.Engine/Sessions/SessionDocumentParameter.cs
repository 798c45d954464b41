using System.Globalization;

namespace SsmTools.Engine.Sessions;

/// <summary>A parameter of a session document.</summary>
public sealed record SessionDocumentParameter
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>String, StringList or another of the service's types.</summary>
    public required string Type { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>What holds where none is given; null where one must be.</summary>
    public string? Default { get; init; }

    /// <summary>The only values that are taken; empty for any.</summary>
    public IReadOnlyList<string> AllowedValues { get; init; } = [];

    /// <summary>The pattern that a value must have, in the service's own syntax; null for any.</summary>
    public string? AllowedPattern { get; init; }

    /// <summary>What it takes, in a few words.</summary>
    public override string ToString()
    {
        string allowed = AllowedValues.Count > 0 ? $", one of {string.Join(", ", AllowedValues)}"
            : AllowedPattern is { Length: > 0 } ? $", of the pattern {AllowedPattern}"
            : "";
        string preset = Default is null ? ", required" : Default.Length == 0 ? ", optional" : $", {Default} where none is given";
        return string.Create(CultureInfo.InvariantCulture, $"{Name} ({Type}{preset}{allowed})");
    }
}
