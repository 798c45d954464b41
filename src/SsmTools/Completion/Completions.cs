using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using SsmTools.Engine.Choosing;

namespace SsmTools.Completion;

/// <summary>Makes completion results of plain values, quoted where they have to be.</summary>
internal static class Completions
{
    private static readonly char[] s_special = [.. " \t'\"`$(){};,|&<>@#"];

    /// <summary>Those of the values that begin with the word, in their order.</summary>
    /// <param name="word">What was typed, with its opening quote if it has one.</param>
    /// <param name="values">The values, each with a tool tip.</param>
    internal static IEnumerable<CompletionResult> Matching(
        string? word,
        IEnumerable<(string Value, string ToolTip)> values)
    {
        (string typed, char quote) = Read(word);
        return values
            .Where(value => value.Value.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(value => new CompletionResult(
                Quote(value.Value, quote), value.Value, CompletionResultType.ParameterValue, value.ToolTip));
    }

    /// <summary>Those of the choices that the word may mean, listed by their labels.</summary>
    /// <param name="word">What was typed, with its opening quote if it has one.</param>
    /// <param name="choices">All there are.</param>
    internal static IEnumerable<CompletionResult> Of(string? word, IEnumerable<Choice> choices)
    {
        (string typed, char quote) = Read(word);
        return ChoiceList.Matching(choices, typed).Select(choice => new CompletionResult(
            Quote(choice.Value, quote), choice.Label, CompletionResultType.ParameterValue, choice.ToolTip));
    }

    private static (string Typed, char Quote) Read(string? word) => (
        (word ?? "").Trim('\'', '"'),
        word is ['"', ..] ? '"' : word is ['\'', ..] ? '\'' : '\0');

    private static string Quote(string value, char quote)
    {
        if (quote == '"')
        {
            string escaped = value.Replace("`", "``", StringComparison.Ordinal)
                .Replace("$", "`$", StringComparison.Ordinal)
                .Replace("\"", "`\"", StringComparison.Ordinal);
            return $"\"{escaped}\"";
        }

        return quote == '\'' || value.Length == 0 || value.IndexOfAny(s_special) >= 0
            ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"
            : value;
    }
}
