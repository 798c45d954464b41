namespace SsmTools.Engine.Remoting;

/// <summary>Files and folders that nobody but their owner reads.</summary>
internal static class PrivateFiles
{
    /// <summary>A file's rights on Unix; on Windows those of the folder are inherited, which is the user's own.</summary>
    public const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder, unless it is there.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnersFile | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Makes a folder for temporary files.</summary>
    public static string CreateTemporaryFolder() => Directory.CreateTempSubdirectory("ssmtools-").FullName;

    /// <summary>Takes such a folder away, as far as that is possible.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A program has it open still; there is no secret in it.
        }
    }
}
