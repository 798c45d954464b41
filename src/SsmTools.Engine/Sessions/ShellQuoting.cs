namespace SsmTools.Engine.Sessions;

/// <summary>
/// Command lines for agents. Commands without a terminal are split into words and run as they are, without a shell
/// (amazon-ssm-agent, session/shell/shell_unix.go), so that one has to be named.
/// </summary>
internal static class ShellQuoting
{
    /// <summary>The command line that has the node's shell run a command; Windows nodes hand it to PowerShell themselves.</summary>
    public static string Wrap(string command, bool isWindows) =>
        isWindows ? command : $"sh -c '{command.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
