using System.Text;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Remoting;

/// <summary>
/// Puts a block into ssh's configuration file, between two lines of its own, and leaves every other byte as it is. The
/// block stands at the end: ssh takes the first value that it finds, and what stands before any Host is for all of them.
/// </summary>
public static class SshConfigFile
{
    /// <summary>The line before the block.</summary>
    public const string Begin = "# SsmTools begin: Export-SsmSshConfig replaces what stands between these lines.";

    /// <summary>The line after it.</summary>
    public const string End = "# SsmTools end";

    /// <summary>Compares the file with what it is to hold.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <param name="block">The block's lines.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The change, if any; its result is the file's path.</returns>
    /// <exception cref="EngineException">SshConfigUnreadable, SshConfigMarkersBroken.</exception>
    public static async Task<Plan<string>> PlanAsync(string path, string block, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(block);
        string before = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        string after = Merge(before, block, path);
        PlannedChange[] changes = before == after
            ? []
            : [new PlannedChange(
                path,
                before.Length == 0 ? "Write ssh's configuration of nodes"
                    : FindLine(before, Begin, 0) >= 0 ? "Replace ssh's configuration of nodes"
                    : "Add ssh's configuration of nodes",
                token => WriteAsync(path, after, token))];
        return new Plan<string>(changes, _ => Task.FromResult(path));
    }

    /// <summary>The file with the block in it; its line ends are those of the file.</summary>
    internal static string Merge(string file, string block, string path)
    {
        string lineEnd = file.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        string bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes($"{Begin}\n{block}{End}\n"))
            .Replace("\n", lineEnd, StringComparison.Ordinal);
        int begin = FindLine(file, Begin, 0);
        int end = FindLine(file, End, 0);
        if (begin < 0 && end < 0)
        {
            string gap = file.Length == 0 ? "" : file.EndsWith('\n') ? lineEnd : lineEnd + lineEnd;
            return file + gap + bytes;
        }

        if (begin < 0 || end < begin || FindLine(file, Begin, begin + 1) >= 0 || FindLine(file, End, end + 1) >= 0)
        {
            throw new EngineException(
                "SshConfigMarkersBroken",
                ErrorKind.InvalidOperation,
                $"{path} does not have one line \"{Begin}\" and one \"{End}\" after it, so that it is not known what to replace.",
                "Take what is left of the block out of the file, and write it anew.",
                path);
        }

        int after = file.IndexOf('\n', end);
        return file[..begin] + bytes + (after < 0 ? "" : file[(after + 1)..]);
    }

    /// <summary>Where a line begins that reads so; -1 where none does.</summary>
    private static int FindLine(string file, string line, int from)
    {
        for (int at = from; (at = file.IndexOf(line, at, StringComparison.Ordinal)) >= 0; at++)
        {
            int after = at + line.Length;
            bool isStart = at == 0 || file[at - 1] == '\n';
            if (isStart && (after == file.Length || file[after] is '\r' or '\n'))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Byte for byte, whatever encoding the file has.</summary>
    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("SshConfigUnreadable", $"{path} cannot be read: {e.Message}", path, e);
        }
    }

    /// <summary>
    /// Beside the file first, then in its place, so that it is never half there. What a link leads to is written, and the
    /// rights to a file stay as they are; ssh wants one that is new to be its owner's alone.
    /// </summary>
    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        string? beside = null;
        try
        {
            string target = new FileInfo(path).LinkTarget is null
                ? path
                : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(target))!);
            beside = $"{target}.{Guid.NewGuid():N}";
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = File.Exists(target) ? File.GetUnixFileMode(target) : PrivateFiles.OwnersFile;
            }

            FileStream stream = new(beside, options);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken).ConfigureAwait(false);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("SshConfigNotWritable", $"{path} cannot be written: {e.Message}", path, e);
        }
        finally
        {
            if (beside is not null)
            {
                File.Delete(beside);
            }
        }
    }

    private static EngineException Failed(string id, string message, string path, Exception e) => new(
        id,
        e is UnauthorizedAccessException ? ErrorKind.PermissionDenied : ErrorKind.InvalidOperation,
        message,
        "Check the path and the permissions, or leave -Path out to have the text shown.",
        path,
        e);
}
