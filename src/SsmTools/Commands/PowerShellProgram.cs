using System;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace SsmTools.Commands;

/// <summary>How other programs start a PowerShell that has this module.</summary>
internal static class PowerShellProgram
{
    private const string Name = "pwsh";

    /// <summary>
    /// PowerShell by its name where that finds it, so that an update is no matter; else by the path of the one that runs.
    /// </summary>
    internal static string Find()
    {
        string file = OperatingSystem.IsWindows() ? Name + ".exe" : Name;
        bool isInPath = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, file)));
        return !isInPath && Environment.ProcessPath is { } path && Path.GetFileName(path) == file ? path : Name;
    }

    /// <summary>The module by its name where PowerShell finds it by that; else by the path of its manifest.</summary>
    internal static string Reference(PSModuleInfo module)
    {
        string manifest = Path.Combine(module.ModuleBase, module.Name + ".psd1");
        bool isInstalled = (Environment.GetEnvironmentVariable("PSModulePath") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(root => manifest.StartsWith(
                Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        return isInstalled ? module.Name : manifest;
    }
}
