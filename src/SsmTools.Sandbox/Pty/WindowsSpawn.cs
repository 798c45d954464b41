using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SsmTools.Sandbox.Pty;

/// <summary>Starts a program on a pseudo-console and in a job; System.Diagnostics.Process can do neither.</summary>
internal static class WindowsSpawn
{
    /// <summary>A job whose processes die when its handle is closed.</summary>
    public static SafeFileHandle CreateJob()
    {
        SafeFileHandle job = ConPty.CreateJobObject(0, 0);
        ConPty.ExtendedLimits limits = new() { Flags = ConPty.KillOnJobClose };
        if (job.IsInvalid || !ConPty.SetInformationJobObject(
            job, ConPty.ExtendedLimitInformation, ref limits, Marshal.SizeOf<ConPty.ExtendedLimits>()))
        {
            throw new Win32Exception();
        }

        return job;
    }

    /// <summary>Starts the program.</summary>
    /// <exception cref="Win32Exception">Windows refused.</exception>
    public static Process Start(PseudoTerminalOptions options, nint console, SafeFileHandle job)
    {
        nint size = 0;
        _ = ConPty.InitializeProcThreadAttributeList(0, 1, 0, ref size);
        nint attributes = Marshal.AllocHGlobal(size);
        try
        {
            Check(ConPty.InitializeProcThreadAttributeList(attributes, 1, 0, ref size));
            try
            {
                Check(ConPty.UpdateProcThreadAttribute(
                    attributes, 0, ConPty.PseudoConsoleAttribute, console, nint.Size, 0, 0));
                return StartInJob(options, attributes, job);
            }
            finally
            {
                ConPty.DeleteProcThreadAttributeList(attributes);
            }
        }
        finally
        {
            Marshal.FreeHGlobal(attributes);
        }
    }

    private static Process StartInJob(PseudoTerminalOptions options, nint attributes, SafeFileHandle job)
    {
        // Redirected handles of ours would be taken over instead of the console's, unless others are said to be used,
        // and are none. Only then: Wine takes that by its word.
        bool isRedirected = Console.IsInputRedirected || Console.IsOutputRedirected || Console.IsErrorRedirected;
        ConPty.StartupInfo startup = new()
        {
            Size = Marshal.SizeOf<ConPty.StartupInfo>(),
            Flags = isRedirected ? ConPty.UseStandardHandles : 0,
            Attributes = attributes,
        };
        Check(ConPty.CreateProcess(
            null,
            [.. CommandLine(options), '\0'],
            0,
            0,
            inheritHandles: false,
            ConPty.CreateSuspended | ConPty.UnicodeEnvironment | ConPty.ExtendedStartupInfo,
            EnvironmentBlock(options.Environment),
            options.WorkingDirectory,
            ref startup,
            out ConPty.ProcessInformation information));
        try
        {
            // In the job before its first instruction: what it starts is in the job too.
            if (!ConPty.AssignProcessToJobObject(job, information.Process))
            {
                Win32Exception error = new();
                _ = ConPty.TerminateProcess(information.Process, 1);
                throw error;
            }

            Process process = Process.GetProcessById(information.ProcessId);

            // Opens the handle now, while the process cannot have ended.
            _ = process.SafeHandle;
            _ = ConPty.ResumeThread(information.Thread);
            return process;
        }
        finally
        {
            _ = ConPty.CloseHandle(information.Thread);
            _ = ConPty.CloseHandle(information.Process);
        }
    }

    private static string CommandLine(PseudoTerminalOptions options) =>
        string.Join(' ', new[] { options.FileName }.Concat(options.Arguments).Select(Quote));

    /// <summary>Quotes as the C runtime unquotes: backslashes count only before a quotation mark.</summary>
    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.IndexOfAny([' ', '\t', '"']) < 0)
        {
            return argument;
        }

        StringBuilder quoted = new("\"");
        int backslashes = 0;
        foreach (char c in argument)
        {
            quoted.Append('\\', c == '"' ? backslashes + 1 : 0).Append(c);
            backslashes = c == '\\' ? backslashes + 1 : 0;
        }

        return quoted.Append('\\', backslashes).Append('"').ToString();
    }

    private static string EnvironmentBlock(IReadOnlyDictionary<string, string> environment) =>
        string.Concat(environment
            .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .Select(pair => $"{pair.Key}={pair.Value}\0")) + "\0";

    private static void Check(bool success)
    {
        if (!success)
        {
            throw new Win32Exception();
        }
    }
}
