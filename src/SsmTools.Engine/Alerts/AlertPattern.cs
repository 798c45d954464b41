using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Alerts;

/// <summary>
/// The rules of an alert: CloudTrail's record of StartSession, as EventBridge gets it. It names the node by its id and
/// does not have its tags, so a pattern has ids.
/// </summary>
internal static class AlertPattern
{
    /// <summary>
    /// A pattern has 2048 characters at most where the account has asked for no more ("Amazon EventBridge quotas"), though
    /// the request takes 4096.
    /// </summary>
    public const int NodesEach = 75;

    /// <summary>The message: what the record says, in a sentence.</summary>
    public const string Template =
        "\"Session <session> on <target> was started at <time> by <who>, from <address> with <agent>. Document: <document>. Reason: <reason>.\"";

    /// <summary>Where the parts of the message are.</summary>
    public static IReadOnlyDictionary<string, string> Paths { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["address"] = "$.detail.sourceIPAddress",
        ["agent"] = "$.detail.userAgent",
        ["document"] = "$.detail.requestParameters.documentName",
        ["reason"] = "$.detail.requestParameters.reason",
        ["session"] = "$.detail.responseElements.sessionId",
        ["target"] = "$.detail.requestParameters.target",
        ["time"] = "$.time",
        ["who"] = "$.detail.userIdentity.arn",
    };

    /// <summary>The rules' names and patterns.</summary>
    /// <param name="name">The alert's name.</param>
    /// <param name="ids">The nodes; empty for all.</param>
    public static IReadOnlyList<(string Name, string Pattern)> Rules(string name, IReadOnlyCollection<string> ids)
    {
        string[][] parts = [.. ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Chunk(NodesEach)];
        return parts.Length == 0
            ? [(name, Write([]))]
            : [.. parts.Select((part, index) => (index == 0 ? name : $"{name}-{index + 1}", Write(part)))];
    }

    /// <summary>Whether a pattern is about the start of sessions.</summary>
    public static bool IsOurs(string? pattern) => pattern?.Contains("\"StartSession\"", StringComparison.Ordinal) == true;

    /// <summary>The nodes in a pattern; none where it is for all.</summary>
    public static IReadOnlyList<string> Nodes(string? pattern)
    {
        if (PolicyJson.Parse(pattern) is not { } root
            || !root.TryGetProperty("detail", out JsonElement detail)
            || !detail.TryGetProperty("requestParameters", out JsonElement parameters))
        {
            return [];
        }

        return PolicyJson.Texts(parameters, "target");
    }

    private static string Write(string[] ids)
    {
        JsonObject detail = new()
        {
            ["eventSource"] = new JsonArray("ssm.amazonaws.com"),
            ["eventName"] = new JsonArray("StartSession"),
            ["errorCode"] = new JsonArray(new JsonObject { ["exists"] = false }),
        };
        if (ids.Length > 0)
        {
            detail["requestParameters"] = new JsonObject { ["target"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) };
        }

        return new JsonObject
        {
            ["source"] = new JsonArray("aws.ssm"),
            ["detail-type"] = new JsonArray("AWS API Call via CloudTrail"),
            ["detail"] = detail,
        }.ToJsonString();
    }
}
