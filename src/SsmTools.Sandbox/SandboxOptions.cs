using SsmTools.Sandbox.Pty;

namespace SsmTools.Sandbox;

/// <summary>How a sandbox is to be.</summary>
public sealed record SandboxOptions
{
    /// <summary>The port on 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// A second port on 127.0.0.1, for TLS; 0 for any free one, null for none. Agents of AWS's own speak nothing else.
    /// </summary>
    public int? TlsPort { get; init; }

    /// <summary>
    /// Where the certificate of the authority behind <see cref="TlsPort"/> is written: PEM, deleted with the sandbox. Null
    /// for a file in the sandbox's own directory.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>From the moment an instance runs to the first try of its agent.</summary>
    public TimeSpan BootDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long EC2 does not see a new instance profile.</summary>
    public TimeSpan ProfileDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a VPC endpoint is pending, and how long it is deleting.</summary>
    public TimeSpan EndpointDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The KMS key that shells are encrypted with, as the account's session preferences name it; null for none. There is
    /// a key <c>alias/sandbox</c>.
    /// </summary>
    public string? SessionKmsKeyId { get; init; }

    /// <summary>Faults that are on from the start; see <see cref="SandboxHost.Faults"/>.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>What the faults' chance begins with.</summary>
    public int FaultSeed { get; init; }

    /// <summary>Where the instances' directories are made; null for the system's temporary directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The time below the sandbox's own clock; null for real time.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>How many sessions there may be at once; null for no quota. For tests.</summary>
    internal int? SessionLimit { get; init; }

    /// <summary>What sessions run in place of shells; null for shells. For tests and measurements.</summary>
    internal Func<PseudoTerminalOptions, IPseudoTerminal>? Program { get; init; }
}
