namespace SsmTools.Engine.Provisioning;

/// <summary>The services whose endpoints a private node can need.</summary>
public static class EndpointCatalog
{
    /// <summary>Without these no node registers and no session opens.</summary>
    public static IReadOnlyList<string> Required { get; } = ["ssm", "ssmmessages"];

    /// <summary>
    /// All that can be asked for: ec2messages for agents older than 3.3.40.0; s3 (a gateway) for agent updates and
    /// patches; logs, kms and s3 where sessions are logged or encrypted.
    /// </summary>
    public static IReadOnlyList<string> All { get; } = ["ssm", "ssmmessages", "ec2messages", "s3", "logs", "kms"];

    /// <summary>The services that are reached through a route instead of an interface, which costs nothing.</summary>
    internal static bool IsGateway(string service) => service == "s3";

    /// <summary>The names in the catalogue's own spelling, each once.</summary>
    /// <exception cref="EngineException">ServiceUnknown.</exception>
    internal static IReadOnlyList<string> Check(IReadOnlyList<string> services)
    {
        List<string> known = [];
        foreach (string service in services)
        {
            known.Add(All.FirstOrDefault(name => name.Equals(service, StringComparison.OrdinalIgnoreCase))
                ?? throw new EngineException(
                    "ServiceUnknown",
                    ErrorKind.InvalidArgument,
                    $"'{service}' is not a service that a node needs an endpoint for.",
                    $"Use {string.Join(", ", All)}.",
                    service));
        }

        return known.Count > 0
            ? [.. known.Distinct()]
            : throw new EngineException(
                "ServiceUnknown", ErrorKind.InvalidArgument, "No service was named.", $"Use {string.Join(", ", All)}.");
    }
}
