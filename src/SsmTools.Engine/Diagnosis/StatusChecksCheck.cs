using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>EC2's own checks of the machine and of what is under it pass.</summary>
internal sealed class StatusChecksCheck() : Check(CheckId.StatusChecks)
{
    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.Instance.Value?.State?.Name != InstanceStateName.Running)
        {
            return null;
        }

        if (scene.Status.Obstacle is { } obstacle)
        {
            return Unknown(obstacle);
        }

        string system = scene.Status.Value?.SystemStatus?.Status ?? SummaryStatus.Initializing;
        string machine = scene.Status.Value?.InstanceStatusValue?.Status ?? SummaryStatus.Initializing;
        string[] evidence = [$"SystemStatus={system}", $"InstanceStatus={machine}"];
        FindingCause cause = new FindingCause.StatusImpaired(scene.NodeId, system, machine);
        return system == SummaryStatus.Impaired
            ? Fail(cause, "EC2 cannot reach the host under the instance", evidence) with
            {
                Fix = "Stop it and start it: it then gets another host",
                Command = $"aws ec2 stop-instances --region {scene.Region} --instance-ids {scene.NodeId}",
            }
            : machine == SummaryStatus.Impaired
            ? Fail(cause, "the instance does not answer EC2's reachability check: it may hang, be out of memory, or not have booted", evidence) with
            {
                Fix = "Reboot it, and look at its console",
                Command = $"Repair-SsmRegistration {scene.NodeId} -Reboot",
            }
            : system == SummaryStatus.Ok && machine == SummaryStatus.Ok ? Pass("EC2's status checks pass", evidence)
            : Warn(null, "EC2's status checks are not through yet", evidence) with { Fix = "Wait some minutes" };
    }
}
