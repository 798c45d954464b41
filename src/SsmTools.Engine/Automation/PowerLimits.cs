using System.Globalization;

namespace SsmTools.Engine.Automation;

/// <summary>A number of instances or a share of them, divided among several runs.</summary>
internal static class PowerLimits
{
    /// <summary>What each of some runs may have of a limit: a share is one of each, a number is divided.</summary>
    /// <param name="limit"><c>10</c> or <c>25%</c>.</param>
    /// <param name="runs">How many there are.</param>
    /// <param name="least">What none of them goes without.</param>
    public static string Of(string limit, int runs, int least)
    {
        bool isShare = limit.EndsWith('%');
        int number = int.Parse(isShare ? limit[..^1] : limit, NumberStyles.None, CultureInfo.InvariantCulture);
        return isShare
            ? string.Create(CultureInfo.InvariantCulture, $"{number}%")
            : Math.Max(least, number / runs).ToString(CultureInfo.InvariantCulture);
    }
}
