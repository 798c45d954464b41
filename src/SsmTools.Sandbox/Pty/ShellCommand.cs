namespace SsmTools.Sandbox.Pty;

/// <summary>Which shell an instance has, and what it finds in its environment.</summary>
internal static class ShellCommand
{
    /// <summary>The caller's variables that a shell needs to work; nothing else of the caller's gets in, no secret above all.</summary>
    private static readonly string[] s_inherited = OperatingSystem.IsWindows()
        ?
        [
            "Path", "PATHEXT", "SystemRoot", "SystemDrive", "windir", "ComSpec", "TEMP", "TMP", "USERNAME",
            "ProgramFiles", "ProgramData", "PSModulePath", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",
        ]
        : ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ", "USER", "LOGNAME", "TMPDIR"];

    private static readonly string[] s_bash = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"];

    /// <summary>An interactive shell.</summary>
    /// <param name="home">The instance's own directory.</param>
    /// <param name="hostName">What the prompt shows.</param>
    /// <param name="variables">Variables beyond the usual ones.</param>
    public static PseudoTerminalOptions Interactive(
        string home, string hostName, IReadOnlyDictionary<string, string> variables)
    {
        string shell = FindShell();
        Dictionary<string, string> environment = BaseEnvironment(home, shell);
        environment["PS1"] = $"{hostName}$ ";
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        return new PseudoTerminalOptions
        {
            FileName = shell,

            // Neither the system's start-up files nor the caller's: the same shell everywhere, at once.
            Arguments = OperatingSystem.IsWindows() ? ["-NoLogo", "-NoProfile"] : IsBash(shell) ? ["--norc", "--noprofile"] : [],
            WorkingDirectory = home,
            Environment = environment,
        };
    }

    /// <summary>One command line, run by the shell.</summary>
    public static PseudoTerminalOptions Command(
        string home, string hostName, IReadOnlyDictionary<string, string> variables, string commandLine)
    {
        PseudoTerminalOptions shell = Interactive(home, hostName, variables);
        return shell with
        {
            Arguments = OperatingSystem.IsWindows()
                ? ["-NoLogo", "-NoProfile", "-Command", commandLine]
                : ["-c", commandLine],
        };
    }

    private static string FindShell()
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.SystemDirectory, "WindowsPowerShell", "v1.0", "powershell.exe");
        }

        return s_bash.FirstOrDefault(File.Exists) ?? "/bin/sh";
    }

    private static bool IsBash(string shell) => shell.EndsWith("/bash", StringComparison.Ordinal);

    private static Dictionary<string, string> BaseEnvironment(string home, string shell)
    {
        Dictionary<string, string> environment = new(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (string name in s_inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                environment[name] = value;
            }
        }

        environment.TryAdd(OperatingSystem.IsWindows() ? "Path" : "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.TryAdd("LANG", "C.UTF-8");
        environment["TERM"] = "xterm-256color";
        environment["HOME"] = home;
        if (OperatingSystem.IsWindows())
        {
            environment["USERPROFILE"] = home;
        }
        else
        {
            environment["SHELL"] = shell;
        }

        return environment;
    }
}
