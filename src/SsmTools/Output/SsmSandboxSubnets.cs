using System.Collections.Generic;

namespace SsmTools.Output;

/// <summary>The subnets of a sandbox.</summary>
public sealed class SsmSandboxSubnets
{
    /// <summary>No way to the internet, but interface endpoints for Systems Manager: instances register.</summary>
    public IReadOnlyList<string> Isolated { get; internal init; } = [];

    /// <summary>A NAT gateway: instances register.</summary>
    public IReadOnlyList<string> Private { get; internal init; } = [];

    /// <summary>No way out at all: instances do not register.</summary>
    public IReadOnlyList<string> Dead { get; internal init; } = [];

    /// <summary>A line for each kind.</summary>
    public override string ToString() => string.Join('\n', Line("Isolated", Isolated), Line("Private", Private), Line("Dead", Dead));

    private static string Line(string kind, IReadOnlyList<string> subnets) => $"{kind,-8} {string.Join(", ", subnets)}";
}
