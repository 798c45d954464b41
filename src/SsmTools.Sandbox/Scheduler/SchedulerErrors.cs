using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>EventBridge Scheduler's errors.</summary>
internal static class SchedulerErrors
{
    public static ServiceError NoSchedule(string name) => new("ResourceNotFoundException", $"Schedule {name} does not exist.", 404);

    public static ServiceError NoGroup(string name) => new("ResourceNotFoundException", $"Schedule group {name} does not exist.", 404);

    public static ServiceError Exists(string what) => new("ConflictException", $"{what} already exists.", 409);

    public static ServiceError Invalid(string message) => new("ValidationException", message);

    public static ServiceError BadToken() => Invalid("Invalid NextToken.");

    public static ServiceError RoleNotAssumed() =>
        Invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
}
