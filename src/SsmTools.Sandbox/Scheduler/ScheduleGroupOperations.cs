using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>Groups: schedules themselves have no tags, their groups have.</summary>
internal static class ScheduleGroupOperations
{
    /// <summary>The group that every account has.</summary>
    public const string Default = "default";

    public static JsonObject Create(ApiCall call)
    {
        string name = call.Required("Name");
        SchedulerEngine engine = call.World.Scheduler;
        if (name == Default || engine.Groups.TryGetValue(name, out ScheduleGroupRecord? earlier))
        {
            engine.Groups.TryGetValue(name, out earlier);
            return call.Text("ClientToken") is { } token && earlier is { IsDeleting: false } && earlier.ClientToken == token
                ? new JsonObject { ["ScheduleGroupArn"] = earlier.Arn }
                : throw SchedulerErrors.Exists($"Schedule group {name}");
        }

        ScheduleGroupRecord group = new()
        {
            Name = name,
            Arn = Arn(call.World, name),
            Created = call.World.Now,
            ClientToken = call.Text("ClientToken"),
        };
        foreach ((string key, string value) in call.Input.Tags("Tags"))
        {
            group.Tags[key] = value;
        }

        engine.Groups.Add(name, group);
        return new JsonObject { ["ScheduleGroupArn"] = group.Arn };
    }

    public static JsonObject Get(ApiCall call)
    {
        string name = call.Required("Name");
        ScheduleGroupRecord? group = call.World.Scheduler.Groups.GetValueOrDefault(name);
        return name == Default || group is not null
            ? new JsonObject
            {
                ["Name"] = name,
                ["Arn"] = group?.Arn ?? Arn(call.World, name),
                ["State"] = group?.IsDeleting == true ? "DELETING" : "ACTIVE",
                ["CreationDate"] = group?.Created,
                ["LastModificationDate"] = group?.Created,
            }
            : throw SchedulerErrors.NoGroup(name);
    }

    /// <summary>Deletes the schedules at once, and the group a moment later.</summary>
    public static JsonObject Delete(ApiCall call)
    {
        string name = call.Required("Name");
        SchedulerEngine engine = call.World.Scheduler;
        if (name == Default)
        {
            throw SchedulerErrors.Invalid("The default schedule group cannot be deleted.");
        }

        ScheduleGroupRecord group = engine.Groups.GetValueOrDefault(name) ?? throw SchedulerErrors.NoGroup(name);
        foreach ((string key, ScheduleRecord schedule) in engine.Schedules.Where(one => one.Value.Group == name).ToArray())
        {
            schedule.Epoch++;
            engine.Schedules.Remove(key);
        }

        if (!group.IsDeleting)
        {
            group.IsDeleting = true;
            engine.Later(() => engine.Groups.Remove(name));
        }

        return [];
    }

    /// <summary>Throws unless the group takes schedules.</summary>
    public static void Check(SandboxWorld world, string name)
    {
        if (name != Default && world.Scheduler.Groups.GetValueOrDefault(name) is not { IsDeleting: false })
        {
            throw SchedulerErrors.NoGroup(name);
        }
    }

    private static string Arn(SandboxWorld world, string name) =>
        $"arn:aws:scheduler:{world.Region}:{world.AccountId}:schedule-group/{name}";
}
