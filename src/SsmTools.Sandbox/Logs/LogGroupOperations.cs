using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Logs;

/// <summary>Log groups.</summary>
internal static class LogGroupOperations
{
    private static readonly int[] s_retentions =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public static JsonObject Create(ApiCall call)
    {
        string name = call.Required("logGroupName");
        if (call.World.LogGroups.ContainsKey(name))
        {
            throw new ServiceError("ResourceAlreadyExistsException", "The specified log group already exists");
        }

        call.World.LogGroups.Add(name, new LogGroupRecord
        {
            Name = name,
            Arn = $"arn:aws:logs:{call.World.Region}:{call.World.AccountId}:log-group:{name}",
            Created = call.World.Now,
            KmsKeyArn = call.Text("kmsKeyId") is string key ? Key(call.World, key) : null,
        });
        return [];
    }

    public static JsonObject Describe(ApiCall call)
    {
        string? prefix = call.Text("logGroupNamePrefix");
        string? part = call.Text("logGroupNamePattern");
        if (prefix is not null && part is not null)
        {
            throw LogErrors.Invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        IReadOnlyList<string> names = [.. call.Input.Texts("logGroupIdentifiers").Select(one => LogLookup.NameOf(call.World, one))];
        IEnumerable<LogGroupRecord> groups = call.World.LogGroups.Values.Where(group =>
            (prefix is null || group.Name.StartsWith(prefix, StringComparison.Ordinal))
            && (part is null || group.Name.Contains(part, StringComparison.OrdinalIgnoreCase))
            && (names.Count == 0 || names.Contains(group.Name)));
        (IReadOnlyList<LogGroupRecord> page, string? next) = Paging.Page(
            groups, group => group.Name, "log groups", call.Input.Int("limit") ?? 50, call.Text("nextToken"), LogErrors.BadToken);
        JsonObject answer = new() { ["logGroups"] = page.ToJson(Shown) };
        if (next is not null)
        {
            answer["nextToken"] = next;
        }

        return answer;
    }

    public static JsonObject PutRetention(ApiCall call)
    {
        int days = call.Input.Int("retentionInDays") ?? 0;
        LogLookup.Group(call).RetentionDays = s_retentions.Contains(days)
            ? days
            : throw LogErrors.Invalid($"{days} is not a valid retention. Valid values: [{string.Join(", ", s_retentions)}]");
        return [];
    }

    public static JsonObject AssociateKey(ApiCall call)
    {
        LogLookup.Group(call, "resourceIdentifier").KmsKeyArn = Key(call.World, call.Required("kmsKeyId"));
        return [];
    }

    private static JsonObject Shown(LogGroupRecord group)
    {
        JsonObject shown = new()
        {
            ["logGroupName"] = group.Name,
            ["creationTime"] = group.Created.ToUnixTimeMilliseconds(),
            ["metricFilterCount"] = 0,
            ["arn"] = $"{group.Arn}:*",
            ["storedBytes"] = group.Streams.Values.Sum(stream => stream.Events.Sum(one => (long)one.Message.Length)),
            ["logGroupClass"] = "STANDARD",
            ["logGroupArn"] = group.Arn,
        };
        if (group.RetentionDays is int days)
        {
            shown["retentionInDays"] = days;
        }

        if (group.KmsKeyArn is string key)
        {
            shown["kmsKeyId"] = key;
        }

        return shown;
    }

    /// <summary>The ARN of a key; only an ARN will do.</summary>
    private static string Key(SandboxWorld world, string arn) => world.KmsKeys.Values.Any(key => key.Arn == arn)
        ? arn
        : throw LogErrors.Invalid($"The specified KMS Key Id {arn} could not be found or is not allowed to be used.");
}
