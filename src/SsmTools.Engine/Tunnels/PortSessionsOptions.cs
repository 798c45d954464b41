namespace SsmTools.Engine.Tunnels;

/// <summary>How <see cref="PortSessions"/> behave.</summary>
/// <param name="Most">How many there are to be; in basic mode there is one for each connection.</param>
/// <param name="KeepAlive">Whether they are held with nothing connected, too.</param>
/// <param name="Patience">For how long a connection waits for a session.</param>
/// <param name="IdleTimeout">How long they are held with nothing connected.</param>
internal sealed record PortSessionsOptions(int Most, bool KeepAlive, TimeSpan Patience, TimeSpan IdleTimeout);
