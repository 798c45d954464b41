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
        if (!OperatingSystem.IsWindows())
        {
            return new UnixTerminal(StandardInput, StandardOutput);
        }

        return WindowsTerminal.TryOpen() is { } console
            ? console
            : new StreamTerminal(
                Console.OpenStandardInput(), Console.OpenStandardOutput(), WindowsTerminal.TryGetOutputSize());
    }
}
