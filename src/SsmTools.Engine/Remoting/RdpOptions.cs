namespace SsmTools.Engine.Remoting;

/// <summary>What desktop to connect to, and how.</summary>
public sealed record RdpOptions
{
    /// <summary>The node.</summary>
    public required string Target { get; init; }

    /// <summary>The port of its Remote Desktop service.</summary>
    public int Port { get; init; } = 3389;

    /// <summary>The port on this computer; 0 for one that is free.</summary>
    public int LocalPort { get; init; }

    /// <summary>The user to sign in as.</summary>
    public string UserName { get; init; } = "Administrator";

    /// <summary>The private key that decrypts the administrator's password; null to fetch none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether a client of this computer is to show the desktop.</summary>
    public bool StartsClient { get; init; } = true;

    /// <summary>Why, for the account's records.</summary>
    public string? Reason { get; init; }

    /// <summary>For how long a lost link is tried to be resumed.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
