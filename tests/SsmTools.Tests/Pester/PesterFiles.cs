using SsmTools.Tests.Support;

namespace SsmTools.Tests.Pester;

/// <summary>The Pester files of this repository.</summary>
internal static class PesterFiles
{
    public static string Folder { get; } = Repository.File("tests", "Pester");

    /// <summary>Their names without folder and ending.</summary>
    public static IReadOnlyList<string> All { get; } = Directory.GetFiles(Folder, "*.Tests.ps1")
        .Select(path => Path.GetFileName(path)[..^".Tests.ps1".Length])
        .Order(StringComparer.Ordinal)
        .ToArray();
}
