using System.Globalization;

namespace SsmTools.Sandbox.Commands;

/// <summary>A number of nodes, or a share of them: <c>10</c>, <c>25%</c>.</summary>
internal static class CommandLimit
{
    /// <summary>The number that it is of so many nodes; a share is rounded up, so that there is always somebody's turn.</summary>
    public static int Of(string limit, int nodes) => limit.EndsWith('%')
        ? (int)Math.Ceiling(nodes * int.Parse(limit.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture) / 100.0)
        : int.Parse(limit, NumberStyles.None, CultureInfo.InvariantCulture);
}
