namespace SsmTools.Engine.Commands;

/// <summary>A script in a file of this computer.</summary>
public static class ScriptFile
{
    /// <summary>Documents, and with them scripts, may be of 64 KB.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>Reads it.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="options">What is to be completed: the script, and its language by the file's extension.</param>
    /// <exception cref="EngineException">ScriptNotReadable, ScriptTooLong.</exception>
    public static RunCommandOptions Read(string path, RunCommandOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        string script;
        try
        {
            script = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                "ScriptNotReadable",
                ErrorKind.ObjectNotFound,
                $"The script {path} cannot be read: {e.Message}",
                "Give the path of a file on this computer.",
                path,
                e);
        }

        if (script.Length > MaxLength)
        {
            throw new EngineException(
                "ScriptTooLong",
                ErrorKind.LimitsExceeded,
                $"The script {path} has {script.Length} characters, and Run Command takes {MaxLength} at most.",
                "Put it into a bucket or onto the nodes, and run it from there.",
                path);
        }

        ScriptLanguage language = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PS1" => ScriptLanguage.PowerShell,
            ".SH" or ".BASH" => ScriptLanguage.Shell,
            _ => ScriptLanguage.Platform,
        };
        return options with { Script = script, Language = language };
    }
}
