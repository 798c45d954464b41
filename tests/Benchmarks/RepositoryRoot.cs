namespace SsmTools.Benchmarks;

internal static class RepositoryRoot
{
    /// <summary>The folder that holds the manifest, from the program's own folder upwards.</summary>
    public static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SsmTools.psd1")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The program does not lie in a checkout of SsmTools.");
    }
}
