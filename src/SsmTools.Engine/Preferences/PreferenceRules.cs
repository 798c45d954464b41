using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Preferences;

/// <summary>From what is asked for to what goes into the document.</summary>
internal static partial class PreferenceRules
{
    /// <summary>The longest shell profile that Session Manager takes.</summary>
    private const int LongestProfile = 512;

    /// <summary>The inputs that a request changes.</summary>
    /// <exception cref="EngineException">LogBucketInvalid, LogGroupInvalid, KmsKeyInvalid, RunAsUserInvalid, MinutesInvalid, ShellProfileTooLong.</exception>
    /// <param name="request">What is to be different.</param>
    /// <param name="region">Where: sessions are logged to groups of their own region only.</param>
    public static IReadOnlyDictionary<string, JsonNode> Read(SessionPreferenceRequest request, string region)
    {
        SessionAccessRules.Check(new RoleRequest
        {
            Name = PreferenceDocument.Name,
            LogBucket = Some(request.LogBucket),
            LogGroup = Some(request.LogGroup),
            KmsKeyId = Some(request.KmsKeyId),
        });
        Dictionary<string, JsonNode> inputs = request.Reset
            ? PreferenceInput.All.ToDictionary(input => input.Key, input => input.Default, StringComparer.Ordinal)
            : new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        if (request.LogBucket is { } bucket)
        {
            string[] parts = bucket.Split('/', 2);
            inputs[PreferenceInput.Bucket] = parts[0];
            inputs[PreferenceInput.Prefix] = parts.Length > 1 ? parts[1].Trim('/') : "";
        }

        Put(PreferenceInput.BucketEncryption, request.RequireBucketEncryption);
        Put(PreferenceInput.Group, request.LogGroup is { } group ? GroupName(group, region) : null);
        Put(PreferenceInput.GroupEncryption, request.RequireGroupEncryption);
        Put(PreferenceInput.Streaming, request.LogStreaming);
        Put(PreferenceInput.KmsKey, request.KmsKeyId);
        Put(PreferenceInput.Idle, Minutes(request.IdleTimeoutMinutes, 1, 60));
        Put(PreferenceInput.MaxDuration, Minutes(request.MaxDurationMinutes, 0, 1440) is { } most ? most == "0" ? "" : most : null);
        Put(PreferenceInput.RunAs, request.RunAs);
        Put(PreferenceInput.RunAsUser, CheckUser(request.RunAsUser));
        Put(PreferenceInput.Linux, CheckProfile(request.LinuxProfile));
        Put(PreferenceInput.Windows, CheckProfile(request.WindowsProfile));
        return inputs;

        void Put(string key, JsonNode? value)
        {
            if (value is not null)
            {
                inputs[key] = value;
            }
        }
    }

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string GroupName(string group, string region)
    {
        string[] parts = SessionAccessRules.GroupArn(group)?.Split(':', 7) ?? [];
        return parts.Length == 0 ? group : parts[3] == region ? parts[6] : throw new EngineException(
            "LogGroupInvalid",
            ErrorKind.InvalidArgument,
            $"The log group {parts[6]} is in {parts[3]}, the sessions in {region}: they are logged to groups of their own region only.",
            $"Name a group in {region}, or the region of the group: -Region {parts[3]}",
            group);
    }

    private static string? Minutes(int? minutes, int least, int most) => minutes is not int count ? null
        : count >= least && count <= most ? count.ToString(CultureInfo.InvariantCulture)
        : throw new EngineException(
            "MinutesInvalid",
            ErrorKind.InvalidArgument,
            $"{count} is no number of minutes that Session Manager takes there.",
            $"Give {least} to {most.ToString(CultureInfo.InvariantCulture)}.",
            $"{count}");

    private static string? CheckUser(string? user) => user is null or "" || User().IsMatch(user) ? user : throw new EngineException(
        "RunAsUserInvalid",
        ErrorKind.InvalidArgument,
        $"'{user}' is no name of a user on Linux or macOS.",
        "Give the name of a user that is on every machine, for example ec2-user.",
        user);

    private static string? CheckProfile(string? profile) => profile is null || profile.Length <= LongestProfile ? profile : throw new EngineException(
        "ShellProfileTooLong",
        ErrorKind.InvalidArgument,
        $"The shell profile has {profile.Length} characters; Session Manager takes {LongestProfile}.",
        "Put the rest into a script on the machines, and call that.",
        $"{profile.Length}");

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?\z")]
    private static partial Regex User();
}
