using System.Reflection;

namespace SsmTools.Tests.Support;

/// <summary>Where this repository and what was built from it lie.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the manifest.</summary>
    public static string Root { get; } = Metadata("RepoRoot");

    /// <summary>The reference assembly that the cmdlets are compiled against.</summary>
    public static string PowerShellReference { get; } = Metadata("PowerShellStandard");

    /// <summary>The documentation comments of the cmdlets' assembly.</summary>
    public static string CmdletDocumentation { get; } = Metadata("SsmToolsDocumentation");

    /// <summary>The path of a file in the repository.</summary>
    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The text of a file in the repository.</summary>
    public static string Read(params string[] parts) => System.IO.File.ReadAllText(File(parts));

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;
}
