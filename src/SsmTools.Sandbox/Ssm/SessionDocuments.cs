using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>AWS's session documents, with a caller's parameters filled in.</summary>
internal static class SessionDocuments
{
    public const string Default = "SSM-SessionManagerRunShell";

    private static readonly Dictionary<string, SessionDocument> s_documents = new SessionDocument[]
    {
        new(Default, "Standard_Stream", "Document to hold regional settings for Session Manager", []),
        new("AWS-StartPortForwardingSession", "Port", "Document to start port forwarding session over Session Manager",
        [
            SessionParameter.Port("portNumber", "80"), SessionParameter.Port("localPortNumber", "0"),
        ]),
        new("AWS-StartPortForwardingSessionToRemoteHost", "Port", "Document to start port forwarding session over Session Manager to remote host",
        [
            new("host", "localhost", @"^[^,$^&\(\)!;'""<>`{}\[\]\|#=]{3,}$"), SessionParameter.Port("portNumber", "80"),
            SessionParameter.Port("localPortNumber", "0"),
        ]),
        new("AWS-StartPortForwardingSessionToSocket", "Port", "Document to start port forwarding session to a Unix socket",
        [
            new("localUnixSocket", null, @"^/.+$"), SessionParameter.Port("portNumber", "0"),
        ]),
        new("AWS-StartSSHSession", "Port", "Document to start SSH session over Session Manager", [SessionParameter.Port("portNumber", "22")]),
        new("AWS-StartInteractiveCommand", "InteractiveCommands", "Document to run single interactive command on an instance",
        [
            new("command", null, null),
        ]),
        new("AWS-StartNonInteractiveCommand", "NonInteractiveCommands", "Document to run single non-interactive command on an instance",
        [
            new("command", null, null),
        ]),
    }.ToDictionary(document => document.Name);

    /// <summary>A document by name or ARN; none of that name is InvalidDocument.</summary>
    public static SessionDocument Find(string? nameOrArn)
    {
        string name = nameOrArn?.Split('/')[^1] ?? Default;
        return s_documents.GetValueOrDefault(name)
            ?? throw new ServiceError("InvalidDocument", $"Document with name {name} does not exist.");
    }

    /// <summary>The document's content for the agent: what schema 1.0 has, parameters filled in.</summary>
    public static JsonObject Fill(SessionDocument document, JsonObject parameters, SessionPreferences preferences)
    {
        Dictionary<string, string> values = Values(document, parameters);
        JsonObject content = new()
        {
            ["schemaVersion"] = "1.0",
            ["description"] = document.Description,
            ["sessionType"] = document.SessionType,
        };
        switch (document.SessionType)
        {
            case "Standard_Stream":
                content["inputs"] = Inputs(preferences);
                break;
            case "Port":
                JsonObject properties = [];
                foreach ((string name, string value) in values)
                {
                    properties[name] = value;
                }

                if (document.Name != "AWS-StartSSHSession")
                {
                    properties["type"] = "LocalPortForwarding";
                }

                if (values.ContainsKey("localUnixSocket"))
                {
                    properties["localConnectionType"] = "unix";
                }

                content["properties"] = properties;
                break;
            default:
                content["properties"] = new JsonObject
                {
                    ["linux"] = Command(values["command"]),
                    ["macos"] = Command(values["command"]),
                    ["windows"] = Command(values["command"]),
                };
                break;
        }

        return content;
    }

    private static Dictionary<string, string> Values(SessionDocument document, JsonObject parameters)
    {
        foreach ((string name, JsonNode? _) in parameters)
        {
            if (document.Parameters.All(parameter => parameter.Name != name))
            {
                throw SsmErrors.InvalidParameters($"Parameter \"{name}\" is not defined in the document");
            }
        }

        Dictionary<string, string> values = [];
        foreach (SessionParameter parameter in document.Parameters)
        {
            IReadOnlyList<string> given = parameters.Texts(parameter.Name);
            if (given.Count > 1)
            {
                throw SsmErrors.InvalidParameters($"Parameter \"{parameter.Name}\" takes one value");
            }

            string value = given.Count == 1 ? given[0]
                : parameter.Default ?? throw SsmErrors.InvalidParameters($"Parameter \"{parameter.Name}\" requires a value");
            if (parameter.Pattern is string pattern && given.Count == 1
                && !Regex.IsMatch(value, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
            {
                throw SsmErrors.InvalidParameters($"Parameter \"{parameter.Name}\" must match the pattern {pattern}");
            }

            values.Add(parameter.Name, value);
        }

        return values;
    }

    private static JsonObject Command(string command) => new() { ["commands"] = command, ["runAsElevated"] = false };

    private static JsonObject Inputs(SessionPreferences preferences) => new()
    {
        ["s3BucketName"] = "",
        ["s3KeyPrefix"] = "",
        ["s3EncryptionEnabled"] = true,
        ["cloudWatchLogGroupName"] = "",
        ["cloudWatchEncryptionEnabled"] = true,
        ["cloudWatchStreamingEnabled"] = false,
        ["kmsKeyId"] = preferences.KmsKeyId,
        ["runAsEnabled"] = false,
        ["runAsDefaultUser"] = "",
        ["idleSessionTimeout"] = "20",
        ["maxSessionDuration"] = "",
        ["shellProfile"] = new JsonObject { ["windows"] = "", ["linux"] = "" },
    };
}
