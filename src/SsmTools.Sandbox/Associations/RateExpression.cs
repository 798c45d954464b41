using System.Globalization;
using System.Text.RegularExpressions;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Associations;

/// <summary>State Manager's schedules, as far as they are rates: <c>rate(30 minutes)</c> is the shortest.</summary>
internal static partial class RateExpression
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMinutes(30);

    /// <summary>Reads one; null where there is none, so that it runs once.</summary>
    /// <exception cref="ServiceError">InvalidSchedule.</exception>
    public static TimeSpan? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        Match match = Form().Match(text);
        if (!match.Success)
        {
            throw Bad(text);
        }

        int count = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        TimeSpan period = match.Groups[2].Value switch
        {
            "minute" => TimeSpan.FromMinutes(count),
            "hour" => TimeSpan.FromHours(count),
            _ => TimeSpan.FromDays(count),
        };

        // One minute, but two minutes.
        return count == 1 == (match.Groups[3].Length == 0) && period >= s_shortest ? period : throw Bad(text);
    }

    private static ServiceError Bad(string text) => new(
        "InvalidSchedule", $"The schedule is invalid. Verify your rate expression and try again: {text}. (The sandbox knows rates of 30 minutes or more.)");

    [GeneratedRegex(@"\Arate\(([1-9][0-9]{0,4}) (minute|hour|day)(s?)\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
