using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>The account's settings of Systems Manager.</summary>
internal static class SettingOperations
{
    public static JsonObject Get(ApiCall call) => Answer(call.World, Id(call));

    public static JsonObject Update(ApiCall call)
    {
        string id = Id(call);
        string value = call.Required("SettingValue");
        if (id == ServiceSettings.ActivationTier && value is not ("standard" or "advanced"))
        {
            throw new ServiceError("ValidationException", $"Invalid value for setting {id}. Valid values: [standard, advanced].");
        }

        call.World.Settings.Set(id, value, call.Caller.Arn);
        return [];
    }

    public static JsonObject Reset(ApiCall call)
    {
        string id = Id(call);
        call.World.Settings.Reset(id);
        return Answer(call.World, id);
    }

    /// <summary>Takes the ARN as well as the path.</summary>
    private static string Id(ApiCall call)
    {
        string given = call.Required("SettingId");
        int at = given.IndexOf(":servicesetting", StringComparison.Ordinal);
        string id = at < 0 ? given : given[(at + ":servicesetting".Length)..];
        return ServiceSettings.Defaults.ContainsKey(id) ? id : throw new ServiceError(
            "ServiceSettingNotFound",
            $"The specified service setting wasn't found. Either the service name or the setting hasn't been provisioned by the AWS service team. ({given})");
    }

    private static JsonObject Answer(SandboxWorld world, string id)
    {
        (string value, DateTimeOffset? when, string? who) = world.Settings.Get(id);
        return new JsonObject
        {
            ["ServiceSetting"] = new JsonObject
            {
                ["SettingId"] = id,
                ["SettingValue"] = value,
                ["LastModifiedDate"] = when,
                ["LastModifiedUser"] = who ?? "System",
                ["ARN"] = $"arn:aws:ssm:{world.Region}:{world.AccountId}:servicesetting{id}",
                ["Status"] = who is null ? "Default" : "Customized",
            },
        };
    }
}
