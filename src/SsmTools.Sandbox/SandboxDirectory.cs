using SsmTools.Sandbox.Pty;

namespace SsmTools.Sandbox;

/// <summary>
/// The directory of one sandbox, which nobody else can read. A file in it is locked while the sandbox lives, so that the
/// next one can tell what a killed one left behind from what is in use.
/// </summary>
internal sealed class SandboxDirectory : IDisposable
{
    /// <summary>The locked file.</summary>
    public const string OwnerFile = ".owner";

    private const string Prefix = "ssmtools-sandbox-";

    private readonly FileStream _owner;

    private SandboxDirectory(string path)
    {
        Path = path;
        _owner = Lock(path, FileMode.CreateNew);
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    /// <param name="parent">Where; null for the system's temporary directory, which is also cleaned of what is dead.</param>
    public static SandboxDirectory Create(string? parent)
    {
        if (parent is null)
        {
            Sweep(System.IO.Path.GetTempPath());
            return new SandboxDirectory(Directory.CreateTempSubdirectory(Prefix).FullName);
        }

        string path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), $"sandbox-{Guid.NewGuid():N}");
        return new SandboxDirectory(OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path).FullName
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName);
    }

    /// <summary>Removes this user's directories whose sandboxes were killed.</summary>
    /// <param name="parent">Where they are.</param>
    public static void Sweep(string parent)
    {
        foreach (string path in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                if (File.Exists(System.IO.Path.Combine(path, OwnerFile)) && IsOwn(path))
                {
                    // Locked by a living sandbox, this throws.
                    Lock(path, FileMode.Open).Dispose();
                    Delete(path);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, or not to be deleted: it stays.
            }
        }
    }

    /// <summary>Deletes it with all that is in it.</summary>
    public void Dispose()
    {
        _owner.Dispose();
        Delete(Path);
    }

    private static FileStream Lock(string directory, FileMode mode) =>
        new(System.IO.Path.Combine(directory, OwnerFile), mode, FileAccess.ReadWrite, FileShare.None);

    private static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody made a file in there that we may not delete; it is in a directory for temporary things.
        }
    }

    /// <summary>
    /// Whether a directory is this user's. Where everybody's temporary directory is one, somebody could lay one out for
    /// root to clean up.
    /// </summary>
    private static bool IsOwn(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        if (OperatingSystem.IsLinux())
        {
            return LibC.OwnerOf(path) == LibC.EffectiveUser();
        }

        // What is open to its owner alone, and to us, is ours; unless everything is.
        const UnixFileMode OthersToo = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return !Environment.IsPrivilegedProcess && (File.GetUnixFileMode(path) & OthersToo) == 0;
    }
}
