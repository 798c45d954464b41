using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Choosing;

/// <summary>Finds among choices those that a half-typed word may mean.</summary>
public static class ChoiceList
{
    /// <summary>
    /// Those whose value or label begins with the word; where there is none, those that have it anywhere. The word may
    /// contain wildcards; case does not count. What can be used now comes first, then by label and value.
    /// </summary>
    /// <param name="choices">All there are.</param>
    /// <param name="word">What was typed, without quotes.</param>
    public static IReadOnlyList<Choice> Matching(IEnumerable<Choice> choices, string word)
    {
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(word);
        Choice[] all =
        [
            .. choices
                .OrderByDescending(choice => choice.IsReady)
                .ThenBy(choice => choice.Label, StringComparer.OrdinalIgnoreCase)
                .ThenBy(choice => choice.Value, StringComparer.Ordinal),
        ];
        Choice[] beginning = Fitting(all, new NamePattern(word + "*"));
        return Distinguish(beginning.Length > 0 ? beginning : Fitting(all, new NamePattern($"*{word}*")));
    }

    private static Choice[] Fitting(Choice[] all, NamePattern pattern) =>
        Array.FindAll(all, choice => pattern.Matches(choice.Value) || pattern.Matches(choice.Label));

    // Two of one name could not be told apart in a list that shows names.
    private static Choice[] Distinguish(Choice[] choices)
    {
        HashSet<string> shared = choices.GroupBy(choice => choice.Label, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Skip(1).Any())
            .Select(group => group.Key)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Array.ConvertAll(
            choices,
            choice => shared.Contains(choice.Label) ? choice with { Label = $"{choice.Label} {choice.Value}" } : choice);
    }
}
