using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Remoting;

namespace SsmTools.Engine.HybridNodes;

/// <summary>
/// The scripts by which machines join. They install the agent as AWS documents it (ssm-setup-cli from the Region's bucket,
/// which checks the package's signature), or take the one that is there, and register it.
/// </summary>
/// <remarks>
/// Sources: the Systems Manager user guide, "How to install the SSM Agent on hybrid Linux nodes" and "… Windows nodes";
/// amazon-ssm-agent, agent/setupcli and agent/appconfig.
/// </remarks>
internal static class JoinScript
{
    /// <summary>Writes an activation into the script of a platform. The text is as secret as the code.</summary>
    public static string Create(JoinPlatform platform, string region, string activationId, string activationCode)
    {
        Func<string, string> quote = platform == JoinPlatform.Windows ? PowerShellText.Quote : QuoteForShell;
        return Read(platform)
            .Replace("@REGION@", quote(region), StringComparison.Ordinal)
            .Replace("@ID@", quote(activationId), StringComparison.Ordinal)
            .Replace("@CODE@", quote(activationCode), StringComparison.Ordinal)
            .Replace("@SUFFIX@", AwsPartition.Of(region).DnsSuffix, StringComparison.Ordinal);
    }

    /// <summary>Makes an empty file that only its owner reads, before there is a secret to put into it.</summary>
    /// <exception cref="EngineException">ScriptFileExists, ScriptFileFailed.</exception>
    public static FileStream OpenFile(string path)
    {
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = PrivateFiles.OwnersFile;
            }

            return new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw File.Exists(path) ? HybridErrors.FileExists(path) : HybridErrors.FileFailed(path, e);
        }
    }

    /// <summary>Writes a script into its file, to the last byte.</summary>
    /// <exception cref="EngineException">ScriptFileFailed: the disk is full, or gone.</exception>
    public static void Save(FileStream file, string script)
    {
        try
        {
            file.Write(Encoding.UTF8.GetBytes(script));
            file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw HybridErrors.FileFailed(file.Name, e);
        }
    }

    private static string Read(JoinPlatform platform)
    {
        string name = platform switch
        {
            JoinPlatform.Windows => "join-windows.ps1",
            JoinPlatform.MacOS => "join-macos.sh",
            _ => "join-linux.sh",
        };
        using Stream stream = typeof(JoinScript).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);

        // A checkout on Windows may have changed the line ends, with which no shell can do anything.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string QuoteForShell(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
