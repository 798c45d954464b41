using System.Diagnostics;
using System.Globalization;

namespace SsmTools.Engine.Tunnels;

/// <summary>Finds who listens on a local port, on Linux, where the system tells everybody (proc(5), /proc/net/tcp).</summary>
internal static class PortHolder
{
    private const string Listening = "0A";

    /// <summary>The program in words, with its process id; null where that cannot be seen.</summary>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        HashSet<string> links = FindInodes(port).Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
        return links.Count == 0 ? null : FindProcess(links);
    }

    private static IEnumerable<string> FindInodes(int port)
    {
        string suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (string table in new[] { "/proc/net/tcp", "/proc/net/tcp6" })
        {
            string[] lines;
            try
            {
                lines = File.ReadAllLines(table);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            foreach (string line in lines.Skip(1))
            {
                // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                {
                    yield return fields[9];
                }
            }
        }
    }

    private static string? FindProcess(HashSet<string> links)
    {
        if (Holds(Environment.ProcessId, links))
        {
            return "this very process";
        }

        foreach (Process process in Process.GetProcesses())
        {
            using (process)
            {
                if (Holds(process.Id, links))
                {
                    return $"{Name(process)} (process {process.Id})";
                }
            }
        }

        return null;
    }

    private static bool Holds(int processId, HashSet<string> links)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{processId}/fd")
                .Any(descriptor => new FileInfo(descriptor).LinkTarget is { } target && links.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // somebody else's, or gone
        }
    }

    private static string Name(Process process)
    {
        try
        {
            return process.ProcessName;
        }
        catch (InvalidOperationException)
        {
            return "a program";
        }
    }
}
