namespace SsmTools.Engine.HybridNodes;

/// <summary>What a join script runs on.</summary>
public enum JoinPlatform
{
    /// <summary>Linux, with a POSIX shell.</summary>
    Linux,

    /// <summary>Windows, with Windows PowerShell 5.1 or newer.</summary>
    Windows,

    /// <summary>macOS, which AWS supports in EC2 only.</summary>
    MacOS,
}
