namespace SsmTools.Sandbox.World;

/// <summary>Versions of the agent.</summary>
internal static class AgentRelease
{
    /// <summary>What counts as up to date.</summary>
    public const string Latest = "3.3.1142.0";

    /// <summary>What older images have.</summary>
    public const string Earlier = "3.3.859.0";

    /// <summary>Whether a version is the latest, or later.</summary>
    public static bool IsLatest(string version) =>
        Version.TryParse(version, out Version? parsed) && parsed >= Version.Parse(Latest);
}
