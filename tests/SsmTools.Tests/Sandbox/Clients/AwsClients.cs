using System.Diagnostics;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>The AWS clients on this machine.</summary>
internal static class AwsClients
{
    private static readonly Lazy<IReadOnlyList<string>> s_commandLines = new(() => FindOnPath("aws"));
    private static readonly Lazy<string?> s_python = new(FindPython);

    /// <summary>Gets every <c>aws</c> on the search path, the first one first.</summary>
    public static IReadOnlyList<string> CommandLines => s_commandLines.Value;

    /// <summary>Gets a Python that has botocore, or null.</summary>
    public static string? Python => s_python.Value;

    private static IReadOnlyList<string> FindOnPath(string name)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{name}.exe", $"{name}.cmd"] : [name];
        IEnumerable<string> found =
            from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            from file in names
            let path = Path.Combine(folder, file)
            where File.Exists(path)
            select path;

        // /bin and /usr/bin are often one folder: the same file is taken once.
        return [.. found.DistinctBy(path => (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path)))];
    }

    private static string? FindPython() => FindOnPath("python3").FirstOrDefault(HasBotocore);

    private static bool HasBotocore(string python)
    {
        using Process? process = Process.Start(new ProcessStartInfo(python, ["-c", "import botocore.session"]) { RedirectStandardError = true });
        if (process is null || !process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            process?.Kill(entireProcessTree: true);
            return false;
        }

        return process.ExitCode == 0;
    }
}
