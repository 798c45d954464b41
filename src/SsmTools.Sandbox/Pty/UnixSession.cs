using System.Diagnostics;
using System.Globalization;

namespace SsmTools.Sandbox.Pty;

/// <summary>
/// Finds and kills what belongs to a session. Shells with job control put every job into a process group of its own, so
/// killing the shell's group would leave the jobs behind.
/// </summary>
internal static class UnixSession
{
    /// <summary>How often is looked at most: one that is killed takes its time to die where the machine is busy.</summary>
    private const int Rounds = 100;

    /// <summary>The kernel's mark of threads of its own (PF_KTHREAD), which have neither arguments nor environment.</summary>
    private const uint KernelThread = 0x00200000;

    /// <summary>Kills every process of the session, until none is found. Those that have left it are not found.</summary>
    public static void Kill(int session)
    {
        // Twice at least: a process may fork between being listed and being killed.
        for (int round = 0; round < Rounds; round++)
        {
            int[] members = [.. Members(session)];
            Array.ForEach(members, process => _ = LibC.Kill(process, LibC.SigKill));
            if (members.Length == 0)
            {
                return;
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>Kills every process that has a variable with that value in its environment.</summary>
    public static void KillMarked(string name, string value)
    {
        string marker = $"\0{name}={value}\0";
        for (int round = 0; round < Rounds; round++)
        {
            int[] all = [.. Processes()];
            int[] marked = [.. all.Where(process => HasMarker(process, marker))];
            Array.ForEach(marked, process => _ = LibC.Kill(process, LibC.SigKill));
            if (marked.Length == 0 && !all.Any(IsBecomingAnother))
            {
                return;
            }

            Thread.Sleep(1); // so that they can be gone when they are looked for again
        }
    }

    /// <summary>The living processes of a session. Without a /proc, as on macOS, only the group of its leader is known.</summary>
    private static IEnumerable<int> Members(int session)
    {
        if (!Directory.Exists("/proc/self"))
        {
            _ = LibC.Kill(-session, LibC.SigKill);
            return [];
        }

        return Processes().Where(process => IsMember(process, session));
    }

    private static IEnumerable<int> Processes() => !Directory.Exists("/proc/self")
        ? []
        : Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId);

    private static bool IsMember(int process, int session)
    {
        string? text = TryRead($"/proc/{process}/stat");
        if (text is null)
        {
            return false;
        }

        // "pid (name) state ppid pgrp session …"; the name may hold blanks and parentheses.
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is not ("Z" or "X") && int.Parse(fields[3], CultureInfo.InvariantCulture) == session;
    }

    private static bool HasMarker(int process, string marker) =>
        TryRead($"/proc/{process}/environ") is string environment &&
        $"\0{environment}".Contains(marker, StringComparison.Ordinal) &&
        TryRead($"/proc/{process}/stat") is string stat && stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');

    /// <summary>Whether a process is in the middle of an exec, when its environment is empty whatever it will be.</summary>
    private static bool IsBecomingAnother(int process)
    {
        if (TryRead($"/proc/{process}/environ") is not "" || TryRead($"/proc/{process}/cmdline") is not "" ||
            TryRead($"/proc/{process}/stat") is not { Length: > 0 } stat)
        {
            return false;
        }

        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is not ("Z" or "X") && (uint.Parse(fields[6], CultureInfo.InvariantCulture) & KernelThread) == 0;
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Debug.Assert(path.StartsWith("/proc/", StringComparison.Ordinal), "Only processes come and go like this.");
            return null;
        }
    }
}
