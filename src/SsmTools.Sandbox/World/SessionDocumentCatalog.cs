using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>The session documents that every account has: AWS's, and its own preferences.</summary>
internal static class SessionDocumentCatalog
{
    /// <summary>The document that holds the account's preferences, and that sessions without a document use.</summary>
    public const string Preferences = "SSM-SessionManagerRunShell";

    private const string Ports = "([1-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = true };

    public static IEnumerable<DocumentRecord> Create(string accountId, DateTimeOffset now)
    {
        yield return Record(Preferences, accountId, PreferencesContent(), now);
        foreach ((string name, JsonObject content) in new[]
        {
            PortForwarding("AWS-StartPortForwardingSession", "Document to start port forwarding session over Session Manager", []),
            PortForwarding(
                "AWS-StartPortForwardingSessionToRemoteHost",
                "Document to start port forwarding session over Session Manager to remote host",
                new JsonObject
                {
                    ["host"] = Parameter(
                        "(Optional) Hostname or IP address of the destination server", "localhost", @"^[^,$^&\(\)!;'""<>`{}\[\]\|#=]{3,}$"),
                }),
            ("AWS-StartPortForwardingSessionToSocket", Socket()),
            ("AWS-StartSSHSession", Ssh()),
            ("AWS-StartInteractiveCommand", Command("InteractiveCommands", "Document to run single interactive command on an instance")),
            ("AWS-StartNonInteractiveCommand", NonInteractive()),
        })
        {
            yield return Record(name, DocumentRecord.Amazon, content, now);
        }
    }

    /// <summary>What AWS puts into the preferences of an account that has not set any.</summary>
    public static JsonObject PreferencesContent() => new()
    {
        ["schemaVersion"] = "1.0",
        ["description"] = "Document to hold regional settings for Session Manager",
        ["sessionType"] = "Standard_Stream",
        ["inputs"] = new JsonObject
        {
            ["s3BucketName"] = "",
            ["s3KeyPrefix"] = "",
            ["s3EncryptionEnabled"] = true,
            ["cloudWatchLogGroupName"] = "",
            ["cloudWatchEncryptionEnabled"] = true,
            ["cloudWatchStreamingEnabled"] = false,
            ["kmsKeyId"] = "",
            ["runAsEnabled"] = false,
            ["runAsDefaultUser"] = "",
            ["idleSessionTimeout"] = "20",
            ["maxSessionDuration"] = "",
            ["shellProfile"] = new JsonObject { ["windows"] = "", ["linux"] = "" },
        },
    };

    /// <summary>A document's content as text.</summary>
    public static string Text(JsonObject content) => content.ToJsonString(s_layout);

    private static DocumentRecord Record(string name, string owner, JsonObject content, DateTimeOffset now)
    {
        DocumentRecord document = new() { Name = name, Owner = owner, DocumentType = "Session", Created = now };
        document.Add(Text(content), content, null, now);
        return document;
    }

    private static (string Name, JsonObject Content) PortForwarding(string name, string description, JsonObject more)
    {
        JsonObject parameters = new()
        {
            ["portNumber"] = Parameter("(Optional) Port number of the server on the instance", "80", $"^{Ports}$"),
            ["localPortNumber"] = Parameter(
                "(Optional) Port number on local machine to forward traffic to. An open port is chosen at run-time if not provided",
                "0", $"^(0|{Ports})$"),
        };
        foreach ((string key, JsonNode? parameter) in more)
        {
            parameters[key] = parameter!.DeepClone();
        }

        JsonObject properties = Placeholders(parameters);
        properties["type"] = "LocalPortForwarding";
        return (name, Document("Port", description, parameters, properties));
    }

    private static JsonObject Socket()
    {
        JsonObject parameters = new()
        {
            ["localUnixSocket"] = Parameter("Path of the socket on the local machine", null, @"^/.+$"),
            ["portNumber"] = Parameter("(Optional) Port number of the server on the instance", "0", $"^(0|{Ports})$"),
        };
        JsonObject properties = Placeholders(parameters);
        properties["type"] = "LocalPortForwarding";
        properties["localConnectionType"] = "unix";
        return Document("Port", "Document to start port forwarding session to a Unix socket", parameters, properties);
    }

    private static JsonObject Ssh()
    {
        JsonObject parameters = new()
        {
            ["portNumber"] = Parameter("(Optional) Port number of SSH server on the instance", "22", $"^{Ports}$"),
        };
        return Document("Port", "Document to start SSH session over Session Manager", parameters, Placeholders(parameters));
    }

    private static JsonObject NonInteractive()
    {
        JsonObject content = Command("NonInteractiveCommands", "Document to run single non-interactive command on an instance");
        JsonObject parameters = content["parameters"]!.AsObject();
        JsonObject separate = Parameter("(Optional) Whether standard output and standard error come apart, while the command runs", "false", null);
        separate["allowedValues"] = new JsonArray("true", "false");
        parameters["separateOutputStream"] = separate;
        const string Prefix = @"^[0-9a-zA-Z\r\n_:-]{0,30}$";
        parameters["stdOutSeparatorPrefix"] = Parameter("(Optional) What is put before each line of standard output", "", Prefix);
        parameters["stdErrSeparatorPrefix"] = Parameter("(Optional) What is put before each line of standard error", "", Prefix);
        foreach ((string _, JsonNode? platform) in content["properties"]!.AsObject())
        {
            foreach (string name in new[] { "separateOutputStream", "stdOutSeparatorPrefix", "stdErrSeparatorPrefix" })
            {
                platform![name] = $"{{{{ {name} }}}}";
            }
        }

        return content;
    }

    private static JsonObject Command(string sessionType, string description)
    {
        JsonObject properties = [];
        foreach (string platform in new[] { "linux", "windows", "macos" })
        {
            properties[platform] = new JsonObject { ["commands"] = "{{ command }}", ["runAsElevated"] = false };
        }

        JsonObject parameters = new() { ["command"] = Parameter("The command to run on the instance", null, null) };
        return Document(sessionType, description, parameters, properties);
    }

    private static JsonObject Document(string sessionType, string description, JsonObject parameters, JsonObject properties) => new()
    {
        ["schemaVersion"] = "1.0",
        ["description"] = description,
        ["sessionType"] = sessionType,
        ["parameters"] = parameters,
        ["properties"] = properties,
    };

    private static JsonObject Parameter(string description, string? preset, string? pattern)
    {
        JsonObject parameter = new() { ["type"] = "String", ["description"] = description };
        if (preset is not null)
        {
            parameter["default"] = preset;
        }

        if (pattern is not null)
        {
            parameter["allowedPattern"] = pattern;
        }

        return parameter;
    }

    private static JsonObject Placeholders(JsonObject parameters) =>
        new(parameters.Select(parameter => KeyValuePair.Create(parameter.Key, (JsonNode?)$"{{{{ {parameter.Key} }}}}")));
}
