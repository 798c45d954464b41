namespace SsmTools.Engine.Remoting;

/// <summary>What ssh is to be told of nodes.</summary>
public sealed record SshConfigOptions
{
    /// <summary>The ids of nodes, as ssh's Host matches them.</summary>
    public static readonly IReadOnlyList<string> NodeIds = ["i-*", "mi-*"];

    /// <summary>The patterns of the Host line.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = NodeIds;

    /// <summary>The program that ssh is to start: PowerShell, by name or path.</summary>
    public string PowerShell { get; init; } = "pwsh";

    /// <summary>The module, by name or by the path of its manifest.</summary>
    public string Module { get; init; } = "SsmTools";

    /// <summary>The user to sign in as; null to leave it to ssh.</summary>
    public string? User { get; init; }

    /// <summary>The private key to sign in with; null to leave it to ssh.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether the public key is sent by EC2 Instance Connect before each connection.</summary>
    public bool InstanceConnect { get; init; }

    /// <summary>What else the proxy is called with, by parameter: region, profile… No secrets: others may read the file.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ProxyParameters { get; init; } = [];

    /// <summary>Whether the file is for ssh on Windows, which starts programs without a shell.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>The user's folder, where keys are looked for.</summary>
    public string Home { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
