namespace SsmTools.Engine.Remoting;

/// <summary>A Remote Desktop client of this computer.</summary>
/// <param name="Program">Its path.</param>
/// <param name="Arguments">What it is started with, the .rdp file's path as <c>{0}</c>.</param>
/// <param name="StaysUntilTheEnd">Whether the process that is started lasts as long as the connection.</param>
/// <param name="PasswordArgument">What makes it read the password from its standard input; null where nothing does.</param>
internal sealed record RdpClient(
    string Program, IReadOnlyList<string> Arguments, bool StaysUntilTheEnd = true, string? PasswordArgument = null)
{
    private static readonly string[] s_freeRdp = ["xfreerdp3", "xfreerdp", "wlfreerdp3", "wlfreerdp", "sdl-freerdp3"];

    /// <summary>The name, as people know it.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Program);

    /// <summary>Finds the client of this platform; null where there is none.</summary>
    public static RdpClient? Find() => Find(
        OperatingSystem.IsWindows() ? RdpPlatform.Windows : OperatingSystem.IsMacOS() ? RdpPlatform.MacOS : RdpPlatform.Linux,
        Environment.GetEnvironmentVariable,
        File.Exists);

    /// <summary>The same, for any platform.</summary>
    public static RdpClient? Find(RdpPlatform platform, Func<string, string?> variable, Func<string, bool> exists)
    {
        switch (platform)
        {
            case RdpPlatform.Windows:
                string windows = Path.Combine(variable("SystemRoot") ?? @"C:\Windows", "System32", "mstsc.exe");
                return exists(windows) ? new RdpClient(windows, ["{0}"]) : null;
            case RdpPlatform.MacOS:
                // Whatever opens such files: Windows App, or Microsoft Remote Desktop, as it was called.
                return exists("/usr/bin/open") ? new RdpClient("/usr/bin/open", ["-W", "{0}"]) : null;
            default:
                // Without a display there is nothing to show a desktop on.
                if (string.IsNullOrEmpty(variable("DISPLAY")) && string.IsNullOrEmpty(variable("WAYLAND_DISPLAY")))
                {
                    return null;
                }

                string[] folders = (variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
                string? InPath(string name) => folders.Select(folder => $"{folder}/{name}").FirstOrDefault(exists);
                return s_freeRdp.Select(InPath).FirstOrDefault(path => path is not null) is { } freeRdp
                    ? new RdpClient(freeRdp, ["{0}", "/cert:ignore"], PasswordArgument: "/from-stdin:force")
                    : InPath("remmina") is { } remmina ? new RdpClient(remmina, ["-c", "{0}"], StaysUntilTheEnd: false)
                    : null;
        }
    }
}
