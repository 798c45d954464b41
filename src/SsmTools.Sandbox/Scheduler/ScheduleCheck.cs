using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>What EventBridge Scheduler checks before it takes a schedule.</summary>
internal static class ScheduleCheck
{
    /// <summary>The one thing that schedules of this AWS call.</summary>
    public const string Target = "arn:aws:scheduler:::aws-sdk:ssm:startAutomationExecution";

    public const string Principal = "scheduler.amazonaws.com";

    private static readonly Lazy<OperationModel> s_operation =
        new(() => ServiceModel.Load("ssm").Operations["StartAutomationExecution"]);

    /// <summary>When the schedule is due.</summary>
    /// <exception cref="ServiceError">ValidationException.</exception>
    public static ScheduleTimes Run(SandboxWorld world, JsonObject request)
    {
        JsonObject window = request.Part("FlexibleTimeWindow");
        if ((window.Text("Mode") == "FLEXIBLE") != window.ContainsKey("MaximumWindowInMinutes"))
        {
            throw SchedulerErrors.Invalid("MaximumWindowInMinutes must be given exactly when the mode is FLEXIBLE.");
        }

        string zoneName = request.Text("ScheduleExpressionTimezone") ?? "UTC";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out TimeZoneInfo? zone))
        {
            throw SchedulerErrors.Invalid($"Invalid ScheduleExpressionTimezone {zoneName}.");
        }

        string expression = request.Text("ScheduleExpression")!;
        ScheduleTimes times = ScheduleTimes.Parse(expression, zone)
            ?? throw SchedulerErrors.Invalid($"Invalid Schedule Expression {expression}.");
        JsonObject target = request.Part("Target");
        if (target.Text("Arn") != Target)
        {
            throw SchedulerErrors.Invalid($"Provided Arn is not in correct format, or this AWS does not call it: {target.Text("Arn")}");
        }

        _ = Read(target.Text("Input") ?? "{}");
        if (Role(world, target.Text("RoleArn")!) is null)
        {
            throw SchedulerErrors.RoleNotAssumed();
        }

        return times;
    }

    /// <summary>
    /// The role, if the scheduler may take it; a role that has just been made is not seen yet, as everywhere in AWS.
    /// </summary>
    public static RoleRecord? Role(SandboxWorld world, string arn)
    {
        RoleRecord? role = world.Roles.Values.FirstOrDefault(one => one.Arn == arn);
        return role is not null && PolicyDocument.Trusts(role.TrustPolicy, Principal)
            && world.Now - role.Created >= world.Options.ProfileDelay ? role : null;
    }

    /// <summary>The call that an input stands for.</summary>
    /// <exception cref="ServiceError">ValidationException.</exception>
    public static JsonObject Read(string input)
    {
        try
        {
            if (JsonNode.Parse(input) is JsonObject given
                && given.FirstOrDefault(pair => s_operation.Value.Input!.Members.All(member => member.Name != pair.Key)).Key is string stranger)
            {
                throw SchedulerErrors.Invalid($"Invalid RequestJson provided. Reason: the field '{stranger}' is not known.");
            }

            JsonObject call = JsonRequestReader.Read(s_operation.Value, System.Text.Encoding.UTF8.GetBytes(input));
            new RequestValidator(WireProtocol.Json).Check(s_operation.Value, call);
            return call;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The latter where a name comes twice.
            throw SchedulerErrors.Invalid("Invalid RequestJson provided. Reason: it is no JSON.");
        }
        catch (ServiceError e) when (e.Code != "ValidationException")
        {
            throw SchedulerErrors.Invalid($"Invalid RequestJson provided. Reason: {e.Message}");
        }
    }
}
