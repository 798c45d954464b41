using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Scheduler;

/// <summary>EventBridge Scheduler's operations.</summary>
internal static class SchedulerApi
{
    public static OperationTable Create() => new OperationTable()
        .Add("CreateSchedule", ScheduleOperations.Create)
        .Add("UpdateSchedule", ScheduleOperations.Update)
        .Add("GetSchedule", ScheduleOperations.Get)
        .Add("ListSchedules", ScheduleOperations.List)
        .Add("DeleteSchedule", ScheduleOperations.Delete)
        .Add("CreateScheduleGroup", ScheduleGroupOperations.Create)
        .Add("GetScheduleGroup", ScheduleGroupOperations.Get)
        .Add("DeleteScheduleGroup", ScheduleGroupOperations.Delete);
}
