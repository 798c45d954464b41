namespace SsmTools.Engine.Schedules;

/// <summary>The ARNs that a schedule is made of.</summary>
internal sealed class PowerScheduleParts(PowerScheduleNames names, string partition, string region, string account)
{
    /// <summary>Who takes the scheduler's role, in every partition.</summary>
    public const string Scheduler = "scheduler.amazonaws.com";

    public PowerScheduleNames Names => names;

    public string Account => account;

    public string Target => PowerTarget.Arn(partition);

    public string Instances => $"arn:{partition}:ec2:{region}:{account}:instance/*";

    public string AutomationRoleArn => Role(names.AutomationRole);

    public string SchedulerRoleArn => Role(names.SchedulerRole);

    /// <summary>What the scheduler's role may start: the runbooks in use, by both names that the service asks for.</summary>
    public IEnumerable<string> Definitions(PowerScheduleDescription wanted) =>
        Documents(wanted).SelectMany(document => new[]
        {
            $"arn:{partition}:ssm:{region}::automation-definition/{document}:*",
            $"arn:{partition}:ssm:{region}::document/{document}",
        }).Append($"arn:{partition}:ssm:{region}:{account}:automation-execution/*");

    /// <summary>The runbooks in use.</summary>
    public static IEnumerable<string> Documents(PowerScheduleDescription wanted)
    {
        if (wanted.StartTime is not null)
        {
            yield return PowerTarget.StartDocument;
        }

        if (wanted.StopTime is not null)
        {
            yield return PowerTarget.StopDocument;
        }
    }

    private string Role(string name) => $"arn:{partition}:iam::{account}:role/{name}";
}
