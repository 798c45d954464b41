namespace SsmTools.Engine.Remoting;

/// <summary>Files with keys.</summary>
internal static class KeyFiles
{
    /// <summary>What such files are not larger than.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>Reads one.</summary>
    /// <exception cref="EngineException">KeyFileNotFound, KeyFileNotUnderstood.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaxLength }
                ? throw new EngineException(
                    "KeyFileNotUnderstood",
                    ErrorKind.InvalidArgument,
                    $"{path} is too large to be a key.",
                    "Name the file of the key.",
                    path)
                : await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                "KeyFileNotFound",
                e is UnauthorizedAccessException ? ErrorKind.PermissionDenied : ErrorKind.ObjectNotFound,
                $"The key file {path} cannot be read: {e.Message}",
                "Check the path and the file's permissions.",
                path,
                e);
        }
    }
}
