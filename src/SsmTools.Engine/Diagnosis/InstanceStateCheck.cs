using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The instance is there and runs.</summary>
internal sealed class InstanceStateCheck() : Check(CheckId.InstanceState)
{
    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.IsHybrid)
        {
            return null;
        }

        if (!scene.Instance.IsKnown)
        {
            return Unknown(scene.Instance.Obstacle!);
        }

        return scene.Instance.Value is { } instance ? OfState(scene, instance) : NotFound(scene);
    }

    private Finding OfState(Scene scene, Instance instance)
    {
        string state = instance.State?.Name ?? "unknown";
        string[] evidence = [$"{scene.NodeId} is {state}", $"launched {instance.LaunchTime:u}"];
        FindingCause cause = new FindingCause.InstanceNotRunning(scene.NodeId, state);
        return state switch
        {
            InstanceStateName.Running => Pass("the instance runs", evidence),
            InstanceStateName.Pending => Warn(cause, "the instance is starting", evidence) with
            {
                Fix = "Wait until it runs",
                Command = $"Test-SsmRegistration {scene.NodeId} -Wait",
            },
            InstanceStateName.Stopped or InstanceStateName.Stopping => Fail(cause, $"the instance is {state}", evidence) with
            {
                Fix = "Start it",
                Command = $"aws ec2 start-instances --region {scene.Region} --instance-ids {scene.NodeId}",
            },
            _ => Fail(cause, state == InstanceStateName.Terminated ? "the instance is terminated" : "the instance is being terminated", evidence) with
            {
                Fix = "It does not come back: launch another one",
            },
        };
    }

    private Finding NotFound(Scene scene)
    {
        FindingCause cause = new FindingCause.NodeNotFound(scene.NodeId, scene.OtherRegion);
        if (!NodeIds.IsNode(scene.NodeId))
        {
            return Fail(cause, $"'{scene.NodeId}' is not the id of a node", "i-… or mi-… and 17 hexadecimal digits");
        }

        return scene.OtherRegion is { } region
            ? Fail(cause, $"no such instance in {scene.Region}, but in {region}", $"{scene.NodeId} is in {region}") with
            {
                Fix = $"Ask in {region}",
                Command = $"Test-SsmRegistration {scene.NodeId} -Region {region} -Detailed",
            }
            : Fail(cause, $"no such instance in {scene.Region}", $"looked for {scene.NodeId} in {scene.Region}") with
            {
                Fix = "Check the id, the account and the region",
            };
    }
}
