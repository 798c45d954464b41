using Xunit;

namespace SsmTools.Tests.Sandbox;

/// <summary>A test that runs where AWS's own session-manager-plugin is on the PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SessionManagerPluginFactAttribute : FactAttribute
{
    public SessionManagerPluginFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "This drives the plugin through a Unix terminal.";
        }
        else if (FindPlugin() is null)
        {
            Skip = "session-manager-plugin is not on the PATH.";
        }
    }

    /// <summary>Where it is; null where it is not.</summary>
    public static string? FindPlugin() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, "session-manager-plugin"))
        .FirstOrDefault(File.Exists);
}
