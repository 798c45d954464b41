using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Engine.Preferences;

/// <summary>One input of the preferences' document that is known here.</summary>
/// <param name="Key">Its name there; with a dot where it is within another.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Default">What AWS has at first: text, or a flag.</param>
/// <param name="Most">For numbers, which are written as text: the highest one; 0 for no number.</param>
internal sealed record PreferenceInput(string Key, string Label, JsonNode Default, int Most = 0)
{
    public const string Bucket = "s3BucketName";
    public const string Prefix = "s3KeyPrefix";
    public const string BucketEncryption = "s3EncryptionEnabled";
    public const string Group = "cloudWatchLogGroupName";
    public const string GroupEncryption = "cloudWatchEncryptionEnabled";
    public const string Streaming = "cloudWatchStreamingEnabled";
    public const string KmsKey = "kmsKeyId";
    public const string RunAs = "runAsEnabled";
    public const string RunAsUser = "runAsDefaultUser";
    public const string Idle = "idleSessionTimeout";
    public const string MaxDuration = "maxSessionDuration";
    public const string Linux = "shellProfile.linux";
    public const string Windows = "shellProfile.windows";

    /// <summary>All of them, in the order in which people are told (user guide, "Session document schema").</summary>
    public static IReadOnlyList<PreferenceInput> All { get; } =
    [
        new(Bucket, "log bucket", ""),
        new(Prefix, "prefix in the bucket", ""),
        new(BucketEncryption, "bucket must encrypt", true),
        new(Group, "log group", ""),
        new(GroupEncryption, "group must be encrypted", true),
        new(Streaming, "log streaming", false),
        new(KmsKey, "KMS key", ""),
        new(Idle, "idle minutes", "20", 60),
        new(MaxDuration, "most minutes", "", 1440),
        new(RunAs, "run as", false),
        new(RunAsUser, "run-as user", ""),
        new(Linux, "Linux profile", ""),
        new(Windows, "Windows profile", ""),
    ];

    private bool IsFlag => Default.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    /// <summary>What is wrong with a value, in words that follow the input's name; null where nothing is.</summary>
    public string? FaultOf(JsonNode? value)
    {
        string? text = TextOf(value);
        return value is null ? null
            : IsFlag ? text is "true" or "false" ? null : $"is {Shown(value)}, neither true nor false"
            : text is null || value.GetValueKind() != JsonValueKind.String ? $"is {Shown(value)}, no text"
            : Most > 0 && text.Length > 0 && !IsMinutes(text) ? $"is '{text}', not a number of minutes from 1 to {Most}"
            : null;
    }

    /// <summary>A value for people.</summary>
    public static string Shown(JsonNode? value)
    {
        string text = TextOf(value) is { } plain ? plain : value?.ToJsonString() ?? "";
        string line = text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return line.Length switch
        {
            0 => "none",
            > 60 => $"{line[..57]}...",
            _ => line,
        };
    }

    /// <summary>A scalar as text; null for anything else.</summary>
    public static string? TextOf(JsonNode? value) => value switch
    {
        JsonValue scalar when scalar.TryGetValue(out string? text) => text,
        JsonValue scalar when scalar.TryGetValue(out bool flag) => flag ? "true" : "false",
        _ => null,
    };

    private bool IsMinutes(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes >= 1 && minutes <= Most;
}
