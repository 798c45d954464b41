using System.Globalization;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// What a peer can do, told by its version (session-manager-plugin, version/versionvalidator.go; amazon-ssm-agent,
/// common/version). The two references compare in different ways, so there are two comparisons here.
/// </summary>
internal static class VersionGate
{
    /// <summary>The client ends a port session by a flag instead of an API call.</summary>
    public static bool AgentTakesTerminateFlag(string? agentVersion) => IsAbove(agentVersion, "2.3.722.0");

    /// <summary>The client multiplexes port sessions.</summary>
    public static bool AgentMultiplexes(string? agentVersion) => IsAbove(agentVersion, "3.0.196.0");

    /// <summary>The client keeps quiet on an idle multiplexed session.</summary>
    public static bool AgentNeedsNoKeepAlive(string? agentVersion) => IsAbove(agentVersion, "3.1.1511.0");

    /// <summary>The first agent that runs commands without a terminal (amazon-ssm-agent, RELEASENOTES.md).</summary>
    public const string CommandsSince = "3.0.1124.0";

    /// <summary>The first agent that tells their output, errors and exit code apart (amazon-ssm-agent, RELEASENOTES.md).</summary>
    public const string SeparateOutputSince = "3.1.1511.0";

    /// <summary>Whether the agent's version is known to be below a bound: four numbers, unlike those of some builds.</summary>
    public static bool IsBelow(string? agentVersion, string bound) =>
        Version.TryParse(agentVersion, out Version? version) && version < Version.Parse(bound);

    /// <summary>The agent multiplexes port sessions.</summary>
    public static bool ClientMultiplexes(string? clientVersion) => Compare(clientVersion, "1.1.70") >= 0;

    /// <summary>The agent keeps quiet on an idle multiplexed session.</summary>
    public static bool ClientNeedsNoKeepAlive(string? clientVersion) => Compare(clientVersion, "1.2.331.0") > 0;

    /// <summary>The agent's advice to update does not apply: the client tells standard error from output.</summary>
    public static bool ClientSeparatesOutput(string? clientVersion) => Compare(clientVersion, "1.2.295") > 0;

    /// <summary>The plugin's comparison: the same number of parts, all numeric, strictly greater; else no.</summary>
    private static bool IsAbove(string? version, string bound)
    {
        string[] parts = Split(version);
        string[] bounds = bound.Split('.');
        if (parts.Length != bounds.Length)
        {
            return false;
        }

        for (int i = 0; i < parts.Length; i++)
        {
            if (!TryNumber(parts[i], out int part) || !TryNumber(bounds[i], out int least))
            {
                return false;
            }

            if (part != least)
            {
                return part > least && parts[i..].All(rest => TryNumber(rest, out _));
            }
        }

        return false;
    }

    /// <summary>The agent's comparison: part by part, by number or else by text; then the longer one is greater.</summary>
    private static int Compare(string? version, string bound)
    {
        string[] parts = Split(version);
        string[] bounds = bound.Split('.');
        for (int i = 0; i < Math.Min(parts.Length, bounds.Length); i++)
        {
            int order = TryNumber(parts[i], out int part) && TryNumber(bounds[i], out int least)
                ? part.CompareTo(least)
                : string.CompareOrdinal(parts[i], bounds[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return parts.Length.CompareTo(bounds.Length);
    }

    private static string[] Split(string? version) => string.IsNullOrEmpty(version) ? [] : version.Split('.');

    private static bool TryNumber(string part, out int number) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
