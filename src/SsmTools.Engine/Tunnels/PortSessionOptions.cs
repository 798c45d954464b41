using SsmTools.Engine.Sessions;

namespace SsmTools.Engine.Tunnels;

/// <summary>What port session to start.</summary>
internal sealed record PortSessionOptions
{
    /// <summary>AWS's document for a port of the node.</summary>
    public const string PortDocument = "AWS-StartPortForwardingSession";

    /// <summary>AWS's document for a port of a host behind the node.</summary>
    public const string HostDocument = "AWS-StartPortForwardingSessionToRemoteHost";

    /// <summary>AWS's document for the bytes of one ssh connection.</summary>
    public const string SshDocument = "AWS-StartSSHSession";

    /// <summary>The node.</summary>
    public required string Target { get; init; }

    /// <summary>The session document, of type Port.</summary>
    public required string DocumentName { get; init; }

    /// <summary>Values for its parameters.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters { get; init; }

    /// <summary>Why, for the account's records.</summary>
    public string? Reason { get; init; }

    /// <summary>For how long a lost link is tried to be resumed.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the session is kept from its idle time-out.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>How long the agent may take to answer.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long to look whether the agent ends the session at once: it says nothing where all is well, and resolves the
    /// name of a host after it has opened the session.
    /// </summary>
    public TimeSpan Settling { get; init; }

    /// <summary>The version to report: agents take one below 1.1.70 for a client that cannot multiplex.</summary>
    public string ClientVersion { get; init; } = "1.2.694.0";

    /// <summary>A session for a port of the node, or of a host behind it.</summary>
    public static PortSessionOptions To(string target, Forward destination)
    {
        Dictionary<string, IReadOnlyList<string>> parameters = new() { ["portNumber"] = [$"{destination.RemotePort}"] };
        if (destination.RemoteHost is { } host)
        {
            parameters["host"] = [host];
        }

        return new PortSessionOptions
        {
            Target = target,
            DocumentName = destination.RemoteHost is null ? PortDocument : HostDocument,
            Parameters = parameters,
            Settling = destination.RemoteHost is null ? TimeSpan.Zero : TimeSpan.FromMilliseconds(500),
        };
    }

    /// <summary>What the calls need of it.</summary>
    public ShellSessionOptions ToStart() => new()
    {
        Target = Target,
        DocumentName = DocumentName,
        Parameters = Parameters,
        Reason = Reason,
    };
}
