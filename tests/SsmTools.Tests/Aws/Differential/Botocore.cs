using System.ComponentModel;
using System.Diagnostics;

namespace SsmTools.Tests.Aws.Differential;

/// <summary>Finds a Python that has botocore.</summary>
internal static class Botocore
{
    private static readonly Lazy<string?> s_python = new(() =>
        new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(HasBotocore));

    /// <summary>The program; null where there is none.</summary>
    public static string? Python => s_python.Value;

    private static bool HasBotocore(string python)
    {
        try
        {
            ProcessStartInfo start = new(python, ["-c", "import botocore.serialize, botocore.parsers"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using Process? process = Process.Start(start);
            if (process is null || !process.WaitForExit(TimeSpan.FromSeconds(30)))
            {
                process?.Kill(entireProcessTree: true);
                return false;
            }

            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
