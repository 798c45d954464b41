namespace SsmTools.Sandbox.Pty;

/// <summary>Starts programs without a terminal, in the way of the platform.</summary>
internal static class PipedProcess
{
    /// <summary>Starts a program.</summary>
    /// <param name="options">What to run. A name without a path is looked for in its PATH.</param>
    /// <param name="isSeparate">Whether standard error comes by itself.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static IPipedProcess Start(PseudoTerminalOptions options, bool isSeparate) => OperatingSystem.IsWindows()
        ? WindowsPipedProcess.Start(options, isSeparate)
        : UnixPipedProcess.Start(options with { FileName = Find(options) }, isSeparate);

    private static string Find(PseudoTerminalOptions options)
    {
        if (options.FileName.Contains('/', StringComparison.Ordinal))
        {
            return Path.Combine(options.WorkingDirectory, options.FileName);
        }

        string path = options.Environment.GetValueOrDefault("PATH") ?? "";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, options.FileName))
            .FirstOrDefault(IsProgram)
            ?? throw new IOException($"exec: \"{options.FileName}\": executable file not found in $PATH");
    }

    private static bool IsProgram(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) &&
        (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
