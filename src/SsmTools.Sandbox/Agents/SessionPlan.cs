using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Sandbox.Agents;

/// <summary>What a session's document asks the agent to run.</summary>
/// <param name="Program">The shell, or the command in it.</param>
/// <param name="Typed">What is typed into it at once: the document's shell profile. Empty where there is none.</param>
/// <param name="KmsKeyId">The key that the session is to be encrypted with; null for none.</param>
internal sealed record SessionPlan(PseudoTerminalOptions Program, string Typed, string? KmsKeyId = null)
{
    /// <summary>Reads the document.</summary>
    /// <exception cref="AgentException">It asks for what this agent does not do.</exception>
    public static SessionPlan Read(SessionTask task, AgentSettings settings)
    {
        JsonElement? document = task.DocumentContent;
        string type = Text(document, "sessionType") ?? SessionType.StandardStream;
        string platform = OperatingSystem.IsWindows() ? "windows" : "linux";
        switch (type)
        {
            case SessionType.StandardStream:
                JsonElement? inputs = Part(document, "inputs");
                string? profile = Text(Part(inputs, "shellProfile"), platform);
                string? key = Text(inputs, "kmsKeyId");
                return new SessionPlan(
                    settings.Shell(null),
                    string.IsNullOrWhiteSpace(profile) ? "" : profile + "\n",
                    string.IsNullOrWhiteSpace(key) ? null : key);
            case SessionType.InteractiveCommands:
                string command = Text(Part(Part(document, "properties"), platform), "commands")
                    ?? throw new AgentException($"The document {task.DocumentName} has no command for this platform.");
                return new SessionPlan(settings.Shell(command), "");
            default:
                throw new AgentException($"The sandbox's agent does not run sessions of type {type} yet.");
        }
    }

    private static JsonElement? Part(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out JsonElement part) ? part : null;

    private static string? Text(JsonElement? parent, string name)
    {
        try
        {
            return Part(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException e)
        {
            throw new AgentException($"The session document's {name} is no text.", e); // half a surrogate pair, or no UTF-8
        }
    }
}
