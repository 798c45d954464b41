using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Logs;

/// <summary>Finds what a request names.</summary>
internal static class LogLookup
{
    /// <summary>The group that goes by its name, or by a name or ARN in another member.</summary>
    public static LogGroupRecord Group(ApiCall call, string identifier = "logGroupIdentifier")
    {
        string? name = call.Text("logGroupName");
        string? other = call.Input.ContainsKey(identifier) ? call.Text(identifier) : null;
        if (name is null == other is null)
        {
            throw LogErrors.Invalid($"Exactly one of logGroupName and {identifier} must be given.");
        }

        LogGroupRecord group = call.World.LogGroups.GetValueOrDefault(name ?? NameOf(call.World, other!)) ?? throw LogErrors.NoGroup();
        group.Expire(call.World.Now);
        return group;
    }

    /// <summary>The name in what is a name or an ARN.</summary>
    public static string NameOf(SandboxWorld world, string identifier)
    {
        string prefix = $"arn:aws:logs:{world.Region}:{world.AccountId}:log-group:";
        string name = identifier.StartsWith(prefix, StringComparison.Ordinal) ? identifier[prefix.Length..] : identifier;
        return name.EndsWith(":*", StringComparison.Ordinal) ? name[..^2] : name;
    }

    public static LogStreamRecord Stream(ApiCall call, LogGroupRecord group) =>
        group.Streams.GetValueOrDefault(call.Required("logStreamName")) ?? throw LogErrors.NoStream();
}
