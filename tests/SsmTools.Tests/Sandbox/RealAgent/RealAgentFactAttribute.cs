using System.Diagnostics;
using Xunit;

namespace SsmTools.Tests.Sandbox.RealAgent;

/// <summary>
/// A test that runs AWS's own amazon-ssm-agent, where it is at hand: in the directory that SSMTOOLS_AGENT names (or it is
/// the program itself), or on the PATH. The agent writes to fixed directories and makes a user, as root; so it runs in
/// namespaces of its own, in which these are copies, and which take all of it with them when they end.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealAgentFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_missing = new(FindMissing);

    public RealAgentFactAttribute()
    {
        Skip = s_missing.Value;
    }

    /// <summary>The directory with the agent and its workers; null where there is none.</summary>
    public static string? FindDirectory()
    {
        string? named = Environment.GetEnvironmentVariable("SSMTOOLS_AGENT");
        IEnumerable<string> candidates = string.IsNullOrEmpty(named)
            ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : [named, Path.GetDirectoryName(named) ?? ""];
        return candidates.FirstOrDefault(
            directory => File.Exists(Path.Combine(directory, "amazon-ssm-agent")) &&
                File.Exists(Path.Combine(directory, "ssm-agent-worker")) &&
                File.Exists(Path.Combine(directory, "ssm-session-worker")));
    }

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "This runs the agent for Linux.";
        }

        if (FindDirectory() is null)
        {
            return "amazon-ssm-agent and its workers are neither where SSMTOOLS_AGENT points nor on the PATH.";
        }

        return Environment.IsPrivilegedProcess && MayUnshare()
            ? null
            : "The agent must run as root, in namespaces of its own (unshare), which is not allowed here.";
    }

    private static bool MayUnshare()
    {
        try
        {
            using Process probe = Process.Start("unshare", ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "true"]);
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
