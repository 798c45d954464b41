using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Ports;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Sandbox.Agents;

/// <summary>What a session's document asks the agent to run.</summary>
internal sealed record SessionPlan
{
    /// <summary>One of <see cref="Engine.Protocol.SessionType"/>.</summary>
    public required string SessionType { get; init; }

    /// <summary>The shell, or the command in it, or the command line of a command without a terminal.</summary>
    public required PseudoTerminalOptions Program { get; init; }

    /// <summary>What is typed into it at once: the document's shell profile. Empty where there is none.</summary>
    public string Typed { get; init; } = "";

    /// <summary>The key that the session is to be encrypted with; null for none.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Where it is to be logged; null for nowhere. Port sessions have nothing to log.</summary>
    public SessionLogPlan? Log { get; init; }

    /// <summary>Set for commands without a terminal.</summary>
    public CommandOutput? Output { get; init; }

    /// <summary>Set for port sessions: these are never encrypted.</summary>
    public PortPlan? Port { get; init; }

    /// <summary>Whether the two ends agree on something before the program starts.</summary>
    public bool NeedsHandshake => KmsKeyId is not null || Output is not null || Port is not null;

    /// <summary>Reads the document.</summary>
    /// <exception cref="AgentException">It asks for what this agent does not do.</exception>
    public static SessionPlan Read(SessionTask task, AgentSettings settings)
    {
        JsonElement? document = task.DocumentContent;
        string type = Text(document, "sessionType") ?? Engine.Protocol.SessionType.StandardStream;
        JsonElement? inputs = Part(document, "inputs");
        string? key = Text(inputs, "kmsKeyId");
        SessionPlan plan = new()
        {
            SessionType = type,
            Program = settings.Shell(null),
            KmsKeyId = string.IsNullOrWhiteSpace(key) ? null : key,
            Log = type == Engine.Protocol.SessionType.Port ? null : SessionLogPlan.Read(inputs),
        };
        if (type != Engine.Protocol.SessionType.Port && !OperatingSystem.IsWindows() && Flag(inputs, "runAsEnabled"))
        {
            CheckUser(string.IsNullOrEmpty(task.RunAsUser) ? Text(inputs, "runAsDefaultUser") : task.RunAsUser);
        }

        string platform = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux";
        switch (type)
        {
            case Engine.Protocol.SessionType.StandardStream:
                string? profile = Text(Part(inputs, "shellProfile"), platform);
                return plan with { Typed = string.IsNullOrWhiteSpace(profile) ? "" : profile + "\n" };
            case Engine.Protocol.SessionType.InteractiveCommands:
                return plan with { Program = settings.Shell(Command(task, platform)) };
            case Engine.Protocol.SessionType.NonInteractiveCommands:
                return ReadCommand(plan, task, platform, settings);
            case Engine.Protocol.SessionType.Port:
                return plan with { KmsKeyId = null, Port = PortPlan.Read(Part(document, "properties")) };
            default:
                throw new AgentException($"The sandbox's agent does not serve sessions of type {type}.");
        }
    }

    /// <summary>
    /// Throws where there is no such user. One that there is does not get the shell all the same: what runs here has the
    /// rights of whoever started the sandbox, and no others.
    /// </summary>
    private static void CheckUser(string? user)
    {
        if (string.IsNullOrEmpty(user))
        {
            throw new AgentException("Please set the RunAs default user");
        }

        if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{user}:", StringComparison.Ordinal)))
        {
            throw new AgentException($"failed to start pty since RunAs user {user} does not exist");
        }
    }

    private static SessionPlan ReadCommand(SessionPlan plan, SessionTask task, string platform, AgentSettings settings)
    {
        JsonElement? properties = Part(Part(task.DocumentContent, "properties"), platform);
        CommandOutput output = new(
            Flag(properties, "separateOutputStream"),
            Text(properties, "stdOutSeparatorPrefix") ?? "",
            Text(properties, "stdErrSeparatorPrefix") ?? "");
        if (output.FindFault() is string fault)
        {
            throw new AgentException(fault);
        }

        string command = Command(task, platform);
        if (OperatingSystem.IsWindows())
        {
            return plan with { Program = settings.Shell(command), Output = output };
        }

        // No shell stands between; without any command the real agent runs sh.
        IReadOnlyList<string> words = ShellWords.Split(command);
        return plan with
        {
            Program = plan.Program with { FileName = words.Count == 0 ? "sh" : words[0], Arguments = [.. words.Skip(1)] },
            Output = output,
        };
    }

    private static string Command(SessionTask task, string platform) =>
        Text(Part(Part(task.DocumentContent, "properties"), platform), "commands")
            ?? throw new AgentException($"The document {task.DocumentName} has no command for this platform.");

    private static JsonElement? Part(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out JsonElement part) ? part : null;

    /// <summary>A JSON boolean, or its text.</summary>
    private static bool Flag(JsonElement? parent, string name) => Part(parent, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.String } => bool.TryParse(Text(parent, name), out bool flag) && flag,
        _ => false,
    };

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
