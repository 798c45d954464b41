using System.Text.Json;

namespace SsmTools.Engine.Protocol;

/// <summary>The parameters of the action <see cref="RequestedClientAction.SessionType"/>.</summary>
internal sealed record SessionTypeParameters
{
    /// <summary>One of <see cref="Protocol.SessionType"/>.</summary>
    public string? SessionType { get; init; }

    /// <summary>Port sessions: the session document's resolved properties. Otherwise null.</summary>
    public JsonElement? Properties { get; init; }
}
