using System;

namespace SsmTools.Output;

/// <summary>A change of a tunnel's state.</summary>
public sealed class SsmTunnelStateEventArgs : EventArgs
{
    internal SsmTunnelStateEventArgs(string before, string now, string? reason)
    {
        Before = before;
        Now = now;
        Reason = reason;
    }

    /// <summary>What it was.</summary>
    public string Before { get; }

    /// <summary>What it is.</summary>
    public string Now { get; }

    /// <summary>Why, where something went wrong; else null.</summary>
    public string? Reason { get; }
}
