using System.Text.Json.Nodes;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>Schedules.</summary>
internal static class ScheduleOperations
{
    private const int DefaultPage = 100;
    private static readonly string[] s_address = ["Name", "GroupName", "ClientToken"];

    public static JsonObject Create(ApiCall call)
    {
        (string group, string name) = Place(call);
        ScheduleGroupOperations.Check(call.World, group);
        SchedulerEngine engine = call.World.Scheduler;
        if (engine.Schedules.TryGetValue(Key(group, name), out ScheduleRecord? earlier))
        {
            return call.Text("ClientToken") is { } token && earlier.ClientToken == token
                ? new JsonObject { ["ScheduleArn"] = earlier.Arn }
                : throw SchedulerErrors.Exists($"Schedule {name}");
        }

        ScheduleTimes times = Check(call);
        ScheduleRecord schedule = new()
        {
            Name = name,
            Group = group,
            Arn = $"arn:aws:scheduler:{call.World.Region}:{call.World.AccountId}:schedule/{group}/{name}",
            Created = call.World.Now,
            Modified = call.World.Now,
            Request = Body(call),
            Times = times,
            ClientToken = call.Text("ClientToken"),
        };
        engine.Schedules.Add(Key(group, name), schedule);
        engine.Arm(schedule);
        return new JsonObject { ["ScheduleArn"] = schedule.Arn };
    }

    /// <summary>What the request leaves out becomes what it is where nobody ever said it.</summary>
    public static JsonObject Update(ApiCall call)
    {
        ScheduleRecord schedule = Find(call);
        schedule.Times = Check(call);
        schedule.Request = Body(call);
        schedule.Modified = call.World.Now;
        call.World.Scheduler.Arm(schedule);
        return new JsonObject { ["ScheduleArn"] = schedule.Arn };
    }

    public static JsonObject Get(ApiCall call)
    {
        ScheduleRecord schedule = Find(call);
        JsonObject answer = schedule.Request.DeepClone().AsObject();
        answer["Name"] = schedule.Name;
        answer["GroupName"] = schedule.Group;
        answer["Arn"] = schedule.Arn;
        answer["State"] = schedule.Request.Text("State") ?? "ENABLED";
        answer["ScheduleExpressionTimezone"] = schedule.Request.Text("ScheduleExpressionTimezone") ?? "UTC";
        answer["ActionAfterCompletion"] = schedule.Request.Text("ActionAfterCompletion") ?? "NONE";
        answer["CreationDate"] = schedule.Created;
        answer["LastModificationDate"] = schedule.Modified;
        return answer;
    }

    public static JsonObject List(ApiCall call)
    {
        string? group = call.Text("GroupName");
        if (group is not null)
        {
            ScheduleGroupOperations.Check(call.World, group);
        }

        string prefix = call.Text("NamePrefix") ?? "";
        string? state = call.Text("State");
        IEnumerable<ScheduleRecord> all = call.World.Scheduler.Schedules.Values
            .Where(one => group is null || one.Group == group)
            .Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(one => state is null || (one.Request.Text("State") ?? "ENABLED") == state);
        (IReadOnlyList<ScheduleRecord> page, string? next) = Paging.Page(
            all, one => Key(one.Group, one.Name), "ListSchedules",
            call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SchedulerErrors.BadToken);
        return new JsonObject
        {
            ["Schedules"] = page.ToJson(one => new JsonObject
            {
                ["Name"] = one.Name,
                ["GroupName"] = one.Group,
                ["Arn"] = one.Arn,
                ["State"] = one.Request.Text("State") ?? "ENABLED",
                ["CreationDate"] = one.Created,
                ["LastModificationDate"] = one.Modified,
                ["Target"] = new JsonObject { ["Arn"] = one.Request.Part("Target").Text("Arn") },
            }),
            ["NextToken"] = next,
        };
    }

    public static JsonObject Delete(ApiCall call)
    {
        ScheduleRecord schedule = Find(call);
        schedule.Epoch++;
        call.World.Scheduler.Schedules.Remove(Key(schedule.Group, schedule.Name));
        return [];
    }

    private static ScheduleTimes Check(ApiCall call)
    {
        ScheduleTimes times = ScheduleCheck.Run(call.World, call.Input);
        PolicyQuestion passes = new PolicyQuestion("iam:PassRole", call.Input.Part("Target").Text("RoleArn")!)
            .With("iam:PassedToService", ScheduleCheck.Principal);
        Authorizer.Check(call.World, call.Caller, passes, WireProtocol.RestJson);
        return times;
    }

    private static JsonObject Body(ApiCall call)
    {
        JsonObject body = call.Input.DeepClone().AsObject();
        foreach (string member in s_address)
        {
            body.Remove(member);
        }

        return body;
    }

    private static ScheduleRecord Find(ApiCall call)
    {
        (string group, string name) = Place(call);
        return call.World.Scheduler.Schedules.GetValueOrDefault(Key(group, name)) ?? throw SchedulerErrors.NoSchedule(name);
    }

    private static (string Group, string Name) Place(ApiCall call) =>
        (call.Text("GroupName") ?? ScheduleGroupOperations.Default, call.Required("Name"));

    /// <summary>A slash is in no name, so that no two places have one key.</summary>
    private static string Key(string group, string name) => $"{group}/{name}";
}
