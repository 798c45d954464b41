using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Engine.Preferences;

/// <summary>
/// The document that holds an account's preferences, read so that whatever people have made of it can be told and mended:
/// what is known is read, what is wrong is named, what is not known is kept.
/// </summary>
internal sealed class PreferenceDocument
{
    public const string Name = "SSM-SessionManagerRunShell";

    private const string Inputs = "inputs";
    private const string SessionType = "Standard_Stream";

    private static readonly JsonSerializerOptions s_layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // shell profiles are read by people, and by no browser
    };

    private readonly JsonObject _root;

    private PreferenceDocument(JsonObject root, IReadOnlyList<string> structureFaults)
    {
        _root = root;
        StructureFaults = structureFaults;
    }

    /// <summary>What is wrong with it apart from the values of single inputs.</summary>
    public IReadOnlyList<string> StructureFaults { get; }

    /// <summary>What is wrong with single inputs.</summary>
    public IReadOnlyList<(PreferenceInput Input, string Fault)> InputFaults =>
        [.. PreferenceInput.All.Select(input => (input, input.FaultOf(Find(input.Key)))).Where(one => one.Item2 is not null)!];

    /// <summary>All that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Problems =>
        [.. StructureFaults, .. InputFaults.Select(one => $"{Inputs}.{one.Input.Key} {one.Fault}")];

    /// <summary>What is in it and not known here.</summary>
    public IReadOnlyList<string> OtherSettings =>
    [
        .. _root.Select(pair => pair.Key).Where(key => key is not ("schemaVersion" or "description" or "sessionType" or Inputs)),
        .. (_root[Inputs] as JsonObject ?? []).Where(pair => !IsKnown(pair.Key)).Select(pair => $"{Inputs}.{pair.Key}"),
        .. (_root[Inputs]?["shellProfile"] as JsonObject ?? []).Select(pair => $"shellProfile.{pair.Key}")
            .Where(key => !IsKnown(key)).Select(key => $"{Inputs}.{key}"),
    ];

    /// <summary>Its text.</summary>
    public string Text => _root.ToJsonString(s_layout);

    /// <summary>What AWS has at first.</summary>
    public static PreferenceDocument CreateDefault()
    {
        PreferenceDocument made = new(
            new JsonObject
            {
                ["schemaVersion"] = "1.0",
                ["description"] = "Document to hold regional settings for Session Manager",
                ["sessionType"] = SessionType,
                [Inputs] = new JsonObject(),
            },
            []);
        foreach (PreferenceInput input in PreferenceInput.All)
        {
            made.Set(input.Key, input.Default.DeepClone());
        }

        return made;
    }

    /// <summary>Reads a text, whatever it is. What is none at all reads as an empty document with that fault.</summary>
    public static PreferenceDocument Read(string? text)
    {
        try
        {
            if (JsonNode.Parse(text ?? "", documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }) is JsonObject root)
            {
                Visit(root);
                return new PreferenceDocument(root, [.. FaultsOf(root)]);
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return new PreferenceDocument([], [$"it is no JSON that can be read ({Plain(e.Message)})"]);
        }

        return new PreferenceDocument([], ["it is no JSON object"]);
    }

    /// <summary>The value of an input as text; AWS's own where it has none, or a wrong one.</summary>
    public string Value(string key)
    {
        PreferenceInput input = PreferenceInput.All.First(one => one.Key == key);
        JsonNode? value = Find(key);
        return PreferenceInput.TextOf(value is null || input.FaultOf(value) is not null ? input.Default : value)!;
    }

    public bool Flag(string key) => Value(key) == "true";

    public int Minutes(string key) => int.TryParse(Value(key), NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) ? minutes : 0;

    /// <summary>The bucket with its prefix.</summary>
    public string LogBucket => Value(PreferenceInput.Prefix).Trim('/') is { Length: > 0 } prefix
        ? $"{Value(PreferenceInput.Bucket)}/{prefix}"
        : Value(PreferenceInput.Bucket);

    /// <summary>The same with some inputs changed, and mended where it is broken; what is not known stays.</summary>
    /// <param name="changes">The inputs with their values.</param>
    public PreferenceDocument With(IReadOnlyDictionary<string, JsonNode> changes)
    {
        JsonObject root = _root.DeepClone().AsObject();
        if (PreferenceInput.TextOf(root["schemaVersion"]) != "1.0")
        {
            root["schemaVersion"] = "1.0";
        }

        root["sessionType"] = SessionType;
        root[Inputs] = root[Inputs] is JsonObject inputs ? inputs.DeepClone() : new JsonObject();
        if (root[Inputs]!["shellProfile"] is not (null or JsonObject))
        {
            root[Inputs]!.AsObject().Remove("shellProfile");
        }

        PreferenceDocument mended = new(root, []);
        foreach (PreferenceInput input in PreferenceInput.All)
        {
            JsonNode? value = mended.Find(input.Key);
            if (changes.TryGetValue(input.Key, out JsonNode? changed))
            {
                // What says the same in another way is left as it was written.
                if (input.FaultOf(value) is not null || PreferenceInput.TextOf(value ?? input.Default) != PreferenceInput.TextOf(changed))
                {
                    mended.Set(input.Key, changed.DeepClone());
                }
            }
            else if (input.FaultOf(value) is not null)
            {
                mended.Set(input.Key, input.Default.DeepClone());
            }
        }

        return mended;
    }

    /// <summary>The same content under a description that says when: a document does not take one text twice.</summary>
    public PreferenceDocument Stamped(DateTimeOffset now)
    {
        JsonObject root = _root.DeepClone().AsObject();
        string plain = (PreferenceInput.TextOf(root["description"]) ?? "").Split(" [set ", 2)[0];
        root["description"] = string.Create(CultureInfo.InvariantCulture, $"{plain} [set {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}]");
        return new PreferenceDocument(root, []);
    }

    /// <summary>How another differs from this one in what people can set, each as <c>label: before -> after</c>.</summary>
    public IReadOnlyList<string> DifferencesTo(PreferenceDocument other) =>
    [
        .. PreferenceInput.All
            .Select(input => (input, Before: Find(input.Key) ?? input.Default, After: other.Find(input.Key) ?? input.Default))
            .Where(one => PreferenceInput.TextOf(one.Before) != PreferenceInput.TextOf(one.After))
            .Select(one => $"{one.input.Label}: {PreferenceInput.Shown(one.Before)} -> {PreferenceInput.Shown(one.After)}"),
    ];

    /// <summary>Whether both say the same, written in whatever way.</summary>
    public bool IsSameAs(PreferenceDocument other) => JsonNode.DeepEquals(_root, other._root);

    public SessionPreferenceDescription Describe(string region, string? version, string content) => new()
    {
        Region = region,
        Version = version,
        LogBucket = LogBucket,
        RequireBucketEncryption = Flag(PreferenceInput.BucketEncryption),
        LogGroup = Value(PreferenceInput.Group),
        RequireGroupEncryption = Flag(PreferenceInput.GroupEncryption),
        LogStreaming = Flag(PreferenceInput.Streaming),
        KmsKeyId = Value(PreferenceInput.KmsKey),
        IdleTimeoutMinutes = Minutes(PreferenceInput.Idle),
        MaxDurationMinutes = Minutes(PreferenceInput.MaxDuration),
        RunAs = Flag(PreferenceInput.RunAs),
        RunAsUser = Value(PreferenceInput.RunAsUser),
        LinuxProfile = Value(PreferenceInput.Linux),
        WindowsProfile = Value(PreferenceInput.Windows),
        OtherSettings = OtherSettings,
        Problems = Problems,
        Content = content,
    };

    private static bool IsKnown(string key) =>
        key == "shellProfile" || PreferenceInput.All.Any(input => input.Key == key);

    private static IEnumerable<string> FaultsOf(JsonObject root)
    {
        if (PreferenceInput.TextOf(root["schemaVersion"]) != "1.0")
        {
            yield return $"schemaVersion is {PreferenceInput.Shown(root["schemaVersion"])}, not 1.0";
        }

        if (PreferenceInput.TextOf(root["sessionType"]) != SessionType)
        {
            yield return $"sessionType is {PreferenceInput.Shown(root["sessionType"])}, not {SessionType}";
        }

        if (root[Inputs] is not JsonObject inputs)
        {
            yield return root.ContainsKey(Inputs) ? $"{Inputs} is no object" : $"{Inputs} is missing";
        }
        else if (inputs["shellProfile"] is not (null or JsonObject))
        {
            yield return $"{Inputs}.shellProfile is no object";
        }
    }

    /// <summary>Looks at every key once: keys that occur twice are found only then.</summary>
    private static void Visit(JsonNode? node)
    {
        foreach (JsonNode? child in node switch
        {
            JsonObject map => map.Select(pair => pair.Value),
            JsonArray list => list,
            _ => [],
        })
        {
            Visit(child);
        }
    }

    private static string Plain(string message) => message.Split(". ", 2)[0].TrimEnd('.');

    private JsonNode? Find(string key) => key.Split('.') is [string outer, string inner]
        ? ((_root[Inputs] as JsonObject)?[outer] as JsonObject)?[inner]
        : (_root[Inputs] as JsonObject)?[key];

    private void Set(string key, JsonNode value)
    {
        JsonObject inputs = _root[Inputs]!.AsObject();
        if (key.Split('.') is not [string outer, string inner])
        {
            inputs[key] = value;
            return;
        }

        if (inputs[outer] is not JsonObject part)
        {
            inputs[outer] = part = [];
        }

        part[inner] = value;
    }
}
