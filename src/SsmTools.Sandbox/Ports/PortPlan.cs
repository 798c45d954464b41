using System.Text.Json;
using SsmTools.Sandbox.Agents;

namespace SsmTools.Sandbox.Ports;

/// <summary>Where a port session leads: the properties of its document (amazon-ssm-agent, session/plugins/port/port.go).</summary>
internal sealed record PortPlan
{
    private const string Forwarding = "LocalPortForwarding";

    /// <summary>The properties as they stand in the document: the client is told all of them.</summary>
    public required JsonElement Properties { get; init; }

    /// <summary>The destination's port; empty where the document has none, which ends the session once the client is there.</summary>
    public string Port { get; init; } = "";

    /// <summary>The destination's name or address; empty for the node itself.</summary>
    public string Host { get; init; } = "";

    /// <summary>
    /// Whether connections follow one another, or run side by side where the client can do that. Else it is ssh: the end of
    /// its one connection is the end of the session.
    /// </summary>
    public bool IsForwarding { get; init; }

    /// <summary>Reads the properties.</summary>
    /// <exception cref="AgentException">They are none.</exception>
    public static PortPlan Read(JsonElement? properties)
    {
        if (properties is not { ValueKind: JsonValueKind.Object } element)
        {
            throw new AgentException("The session document has no properties.");
        }

        return new PortPlan
        {
            Properties = element.Clone(),
            Port = Text(element, "portNumber"),
            Host = Text(element, "host"),
            IsForwarding = Text(element, "type") == Forwarding,
        };
    }

    private static string Text(JsonElement properties, string name)
    {
        if (!properties.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        try
        {
            return value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new AgentException($"Unable to remarshal session properties. {name} is no string.");
        }
        catch (InvalidOperationException e)
        {
            throw new AgentException($"The session document's {name} is no text.", e); // half a surrogate pair, or no UTF-8
        }
    }
}
