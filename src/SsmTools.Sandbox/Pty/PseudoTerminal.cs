namespace SsmTools.Sandbox.Pty;

/// <summary>Opens pseudo-terminals, in the way of the platform.</summary>
internal static class PseudoTerminal
{
    /// <summary>Starts a program on a new terminal.</summary>
    /// <exception cref="IOException">There is no terminal left, or the program cannot be started.</exception>
    public static IPseudoTerminal Start(PseudoTerminalOptions options) =>
        OperatingSystem.IsWindows() ? WindowsPseudoTerminal.Start(options) : UnixPseudoTerminal.Start(options);
}
