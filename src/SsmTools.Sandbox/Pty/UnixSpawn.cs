using System.Runtime.InteropServices;

namespace SsmTools.Sandbox.Pty;

/// <summary>
/// Starts a program in a session of its own, with a terminal as its controlling one or with none. All of it happens in
/// posix_spawn: between a fork and an exec no managed code may run.
/// </summary>
internal static class UnixSpawn
{
    // Larger than posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t of glibc, musl and macOS.
    private const int OpaqueSize = 1024;

    /// <summary>A script for systems whose posix_spawn cannot change directory: $0 is the terminal, $1 the directory, the rest the program.</summary>
    internal const string Wrapper = "exec <>\"$0\" >&0 2>&0; cd \"$1\" || exit 126; shift; exec \"$@\"";

    private const string DirectoryWrapper = "cd \"$0\" || exit 126; exec \"$@\"";

    /// <summary>Starts it on a terminal.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="terminal">The path of the slave side.</param>
    /// <returns>The process id.</returns>
    /// <exception cref="IOException">The system refused.</exception>
    public static int Start(PseudoTerminalOptions options, string terminal) => Start(options, actions =>
    {
        // The child leads a new session when it opens the slave, and has no terminal yet: that makes this one its
        // controlling terminal on Linux.
        Check(LibC.AddOpen(actions, 0, terminal, LibC.OpenReadWrite, 0), options);
        Check(LibC.AddDuplicate(actions, 0, 1), options);
        Check(LibC.AddDuplicate(actions, 0, 2), options);
        return ["sh", "-c", Wrapper, terminal, options.WorkingDirectory];
    });

    /// <summary>Starts it without a terminal and without input.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="output">The file that it writes its output to.</param>
    /// <param name="error">The one for its standard error.</param>
    /// <returns>The process id.</returns>
    /// <exception cref="IOException">The system refused.</exception>
    public static int Start(PseudoTerminalOptions options, int output, int error) => Start(options, actions =>
    {
        Check(LibC.AddOpen(actions, 0, "/dev/null", LibC.OpenReadOnly, 0), options);
        Check(LibC.AddDuplicate(actions, output, 1), options);
        Check(LibC.AddDuplicate(actions, error, 2), options);
        return ["sh", "-c", DirectoryWrapper, options.WorkingDirectory];
    });

    private static int Start(PseudoTerminalOptions options, Func<nint, string[]> addFiles)
    {
        nint attributes = Marshal.AllocHGlobal(OpaqueSize);
        nint actions = Marshal.AllocHGlobal(OpaqueSize);
        try
        {
            Check(LibC.InitAttributes(attributes), options);
            Check(LibC.InitActions(actions), options);
            SetAttributes(attributes, options);
            string[] wrapper = addFiles(actions);
            return TryAddDirectory(actions, options.WorkingDirectory)
                ? Spawn(options.FileName, [options.FileName, .. options.Arguments], options, actions, attributes)
                : Spawn("/bin/sh", [.. wrapper, options.FileName, .. options.Arguments], options, actions, attributes);
        }
        finally
        {
            _ = LibC.DestroyActions(actions);
            _ = LibC.DestroyAttributes(attributes);
            Marshal.FreeHGlobal(actions);
            Marshal.FreeHGlobal(attributes);
        }
    }

    private static void SetAttributes(nint attributes, PseudoTerminalOptions options)
    {
        // The runtime ignores SIGPIPE and whoever started us may ignore more; what is ignored stays so across exec.
        byte[] all = new byte[OpaqueSize];
        _ = LibC.FillSignals(all);
        Check(LibC.SetSignalDefaults(attributes, all), options);
        Check(LibC.SetSignalMask(attributes, new byte[OpaqueSize]), options);
        Check(
            LibC.SetFlags(
                attributes,
                (short)(LibC.SpawnSetSession | LibC.SpawnSetSignalDefaults | LibC.SpawnSetSignalMask)),
            options);
    }

    /// <summary>
    /// Not on macOS: whether its posix_spawn makes the session before it opens the files is not documented and was not
    /// tried, so there the wrapper opens the terminal a second time, certainly as the leader of a session.
    /// </summary>
    private static bool TryAddDirectory(nint actions, string directory)
    {
        try
        {
            return !OperatingSystem.IsMacOS() && LibC.AddChangeDirectory(actions, directory) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static int Spawn(
        string path, string[] arguments, PseudoTerminalOptions options, nint actions, nint attributes)
    {
        nint[] argumentBlock = ToBlock(arguments);
        nint[] environmentBlock = ToBlock(options.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
        try
        {
            Check(LibC.Spawn(out int process, path, actions, attributes, argumentBlock, environmentBlock), options);
            return process;
        }
        finally
        {
            Array.ForEach(argumentBlock, Marshal.FreeCoTaskMem);
            Array.ForEach(environmentBlock, Marshal.FreeCoTaskMem);
        }
    }

    private static nint[] ToBlock(IEnumerable<string> strings) =>
        [.. strings.Select(Marshal.StringToCoTaskMemUTF8), nint.Zero];

    private static void Check(int error, PseudoTerminalOptions options)
    {
        if (error != 0)
        {
            throw new IOException($"{options.FileName} could not be started: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }
}
