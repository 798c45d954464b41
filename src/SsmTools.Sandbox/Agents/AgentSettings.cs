using System.Net;
using SsmTools.Sandbox.Pty;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Agents;

/// <summary>What an agent knows of the machine that it runs on.</summary>
internal sealed record AgentSettings
{
    /// <summary>The node's id.</summary>
    public required string Target { get; init; }

    /// <summary>The gateway's address: <c>http://127.0.0.1:port</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The region to sign for.</summary>
    public required string Region { get; init; }

    /// <summary>The version to report.</summary>
    public string AgentVersion => Software.AgentVersion;

    /// <summary>What is installed on the machine.</summary>
    public MachineSoftware Software { get; init; } = new(AgentRelease.Latest);

    /// <summary>Whether the image is one of Windows, whatever really runs here.</summary>
    public bool IsWindows { get; init; }

    /// <summary>How long after the start of the machine the agent asks for the first time.</summary>
    public required TimeSpan BootDelay { get; init; }

    /// <summary>The time at which AWS lives; what the network needs is in its <see cref="SandboxClock.Inner"/>.</summary>
    public required SandboxClock Clock { get; init; }

    /// <summary>The block of addresses of the machine's VPC; null where it is in none.</summary>
    public string? VpcCidr { get; init; }

    /// <summary>From a name to its addresses, as the machine sees them.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>For jitter.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Starts a program on a terminal.</summary>
    public Func<PseudoTerminalOptions, IPseudoTerminal> Start { get; init; } = PseudoTerminal.Start;

    /// <summary>The machine's shell: interactive, or running a command line where one is given.</summary>
    public required Func<string?, PseudoTerminalOptions> Shell { get; init; }
}
