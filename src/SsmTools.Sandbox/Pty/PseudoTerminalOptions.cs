using SsmTools.Engine.Terminal;

namespace SsmTools.Sandbox.Pty;

/// <summary>What to run on a pseudo-terminal.</summary>
internal sealed record PseudoTerminalOptions
{
    /// <summary>The program, with its full path.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments, without its own name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where it starts; must exist.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>All of its environment: nothing is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The size of its window until the client says another.</summary>
    public TerminalSize Size { get; init; } = new(80, 24);

    /// <summary>For the moment that it gets to end by itself before it is killed.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
