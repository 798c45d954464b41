namespace SsmTools.Engine.Tunnels;

/// <summary>A change of a tunnel's state.</summary>
public sealed class TunnelStateEventArgs(TunnelState before, TunnelState now, string? reason) : EventArgs
{
    /// <summary>What it was.</summary>
    public TunnelState Before { get; } = before;

    /// <summary>What it is.</summary>
    public TunnelState Now { get; } = now;

    /// <summary>Why, in a sentence, where something went wrong; else null.</summary>
    public string? Reason { get; } = reason;
}
