using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Events;

/// <summary>EventBridge's operations on rules of the default bus.</summary>
internal static class EventsApi
{
    public const string Service = "events";
    private const int MostTargets = 5;

    /// <summary>The quota of an account that has not asked for another one; the model allows twice as much.</summary>
    private const int LongestPattern = 2048;

    public static OperationTable Create() => new OperationTable()
        .Add("PutRule", PutRule)
        .Add("DescribeRule", call => Shape(Rule(call, "Name")))
        .Add("ListRules", ListRules)
        .Add("DeleteRule", DeleteRule)
        .Add("EnableRule", call => Set(call, true))
        .Add("DisableRule", call => Set(call, false))
        .Add("PutTargets", PutTargets)
        .Add("RemoveTargets", RemoveTargets)
        .Add("ListTargetsByRule", ListTargets)
        .Add("TagResource", Tag)
        .Add("ListTagsForResource", call => new JsonObject { ["Tags"] = ByArn(call).Tags.ToJson() });

    private static JsonObject PutRule(ApiCall call)
    {
        string name = call.Required("Name");
        string? pattern = call.Text("EventPattern");
        string? schedule = call.Text("ScheduleExpression");
        if (pattern is null && schedule is null)
        {
            throw Invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }

        if (pattern is not null && EventPattern.Read(pattern) is null)
        {
            throw new ServiceError("InvalidEventPatternException", "Event pattern is not valid.");
        }

        if (pattern?.Length > LongestPattern)
        {
            throw new ServiceError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
        }

        bool isNew = !call.World.Rules.TryGetValue(name, out RuleRecord? rule);
        if (isNew)
        {
            rule = new RuleRecord { Name = name, Arn = $"arn:aws:events:{call.World.Region}:{call.World.AccountId}:rule/{name}" };
            call.World.Rules.Add(name, rule);
        }

        rule!.Pattern = pattern;
        rule.Schedule = schedule;
        rule.Description = call.Text("Description");
        rule.Enabled = call.Text("State") != "DISABLED";

        // Tags are those of the first time: afterwards TagResource sets them.
        foreach ((string key, string value) in isNew ? call.Input.Tags("Tags") : [])
        {
            rule.Tags[key] = value;
        }

        return new JsonObject { ["RuleArn"] = rule.Arn };
    }

    private static JsonObject ListRules(ApiCall call)
    {
        string prefix = call.Text("NamePrefix") ?? "";
        (IReadOnlyList<RuleRecord> page, string? next) = Paging.Page(
            call.World.Rules.Values.Where(rule => rule.Name.StartsWith(prefix, StringComparison.Ordinal)),
            rule => rule.Name, "ListRules", call.Input.Int("Limit") ?? 100, call.Text("NextToken"), BadToken);
        return new JsonObject { ["Rules"] = page.ToJson(Shape), ["NextToken"] = next };
    }

    private static JsonObject DeleteRule(ApiCall call)
    {
        string name = call.Required("Name");
        if (call.World.Rules.TryGetValue(name, out RuleRecord? rule) && rule.Targets.Count > 0)
        {
            throw Invalid("Rule can't be deleted since it has targets.");
        }

        call.World.Rules.Remove(name);
        return [];
    }

    private static JsonObject Set(ApiCall call, bool enabled)
    {
        Rule(call, "Name").Enabled = enabled;
        return [];
    }

    private static JsonObject PutTargets(ApiCall call)
    {
        RuleRecord rule = Rule(call, "Rule");
        JsonObject[] targets = [.. call.Input.Parts("Targets")];
        if (rule.Targets.Keys.Union(targets.Select(target => target.Text("Id")!)).Count() > MostTargets)
        {
            throw new ServiceError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
        }

        foreach (JsonObject target in targets)
        {
            rule.Targets[target.Text("Id")!] = target.DeepClone().AsObject();
        }

        return new JsonObject { ["FailedEntryCount"] = 0, ["FailedEntries"] = new JsonArray() };
    }

    private static JsonObject RemoveTargets(ApiCall call)
    {
        RuleRecord rule = Rule(call, "Rule");
        foreach (string id in call.Input.Texts("Ids"))
        {
            rule.Targets.Remove(id);
        }

        return new JsonObject { ["FailedEntryCount"] = 0, ["FailedEntries"] = new JsonArray() };
    }

    private static JsonObject ListTargets(ApiCall call)
    {
        (IReadOnlyList<JsonObject> page, string? next) = Paging.Page(
            Rule(call, "Rule").Targets.Values, target => target.Text("Id")!, "ListTargetsByRule",
            call.Input.Int("Limit") ?? 100, call.Text("NextToken"), BadToken);
        return new JsonObject { ["Targets"] = page.ToJson(target => target.DeepClone()), ["NextToken"] = next };
    }

    private static JsonObject Tag(ApiCall call)
    {
        RuleRecord rule = ByArn(call);
        foreach ((string key, string value) in call.Input.Tags("Tags"))
        {
            rule.Tags[key] = value;
        }

        return [];
    }

    private static JsonObject Shape(RuleRecord rule) => new()
    {
        ["Name"] = rule.Name,
        ["Arn"] = rule.Arn,
        ["EventPattern"] = rule.Pattern,
        ["ScheduleExpression"] = rule.Schedule,
        ["State"] = rule.Enabled ? "ENABLED" : "DISABLED",
        ["Description"] = rule.Description,
        ["EventBusName"] = "default",
    };

    private static RuleRecord Rule(ApiCall call, string member)
    {
        string name = call.Required(member);
        return call.World.Rules.GetValueOrDefault(name) ?? throw NotFound($"Rule {name} does not exist on EventBus default.");
    }

    private static RuleRecord ByArn(ApiCall call)
    {
        string arn = call.Required("ResourceARN");
        return call.World.Rules.Values.FirstOrDefault(rule => rule.Arn == arn) ?? throw NotFound($"Rule {arn} does not exist.");
    }

    private static ServiceError NotFound(string message) => new("ResourceNotFoundException", message);

    private static ServiceError Invalid(string message) => new("ValidationException", message);

    private static ServiceError BadToken() => Invalid("The token is not valid.");
}
