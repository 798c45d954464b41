namespace SsmTools.Engine.Terminal;

/// <summary>Finds the terminal of this process.</summary>
public static class TerminalFactory
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;

    /// <summary>
    /// The terminal that this process was started in; where standard input is redirected, or is no terminal, the
    /// redirected streams. To be disposed of by the caller, which closes nothing.
    /// </summary>
    public static ITerminal OpenConsole()
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsTerminal.TryOpen() is { } console
                ? console
                : OpenStreams(WindowsTerminal.TryGetOutputSize());
        }

        return UnixNative.IsTerminal(StandardInput) == 1
            ? new UnixTerminal(StandardInput, StandardOutput)
            : OpenStreams(UnixNative.TryGetSize(StandardOutput, out TerminalSize size) ? size : null);
    }

    private static StreamTerminal OpenStreams(TerminalSize? size) =>
        new(Console.OpenStandardInput(), Console.OpenStandardOutput(), size);
}
