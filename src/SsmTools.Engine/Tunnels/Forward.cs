namespace SsmTools.Engine.Tunnels;

/// <summary>From which local port to which destination.</summary>
public sealed record Forward
{
    /// <summary>The local port; 0 for one that is free.</summary>
    public int LocalPort { get; init; }

    /// <summary>The port of the destination; 0 where there is a <see cref="RemoteSocket"/>.</summary>
    public int RemotePort { get; init; }

    /// <summary>The host that the node connects to; the node itself where null.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>The path of a Unix socket on the node, instead of a port.</summary>
    public string? RemoteSocket { get; init; }

    /// <summary>The destination as one writes it: <c>5432</c>, <c>rds.internal:3306</c>, <c>/run/docker.sock</c>.</summary>
    public override string ToString() => RemoteSocket ?? (RemoteHost switch
    {
        null => $"{RemotePort}",
        { } host when host.Contains(':', StringComparison.Ordinal) => $"[{host}]:{RemotePort}",
        { } host => $"{host}:{RemotePort}",
    });

    /// <summary>
    /// Reads a forward as ssh, kubectl and others have them, the local port first: <c>5432</c>, <c>6379:16379</c>,
    /// <c>rds.internal:3306</c>, <c>13306:rds.internal:3306</c>, <c>8443:[fd00::1]:443</c>,
    /// <c>2375:/var/run/docker.sock</c>. Where no local port is named, a free one is taken.
    /// </summary>
    /// <exception cref="EngineException">InvalidForward.</exception>
    public static Forward Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ForwardText.Parse(text);
    }
}
