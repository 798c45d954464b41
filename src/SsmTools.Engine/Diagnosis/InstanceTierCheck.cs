using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>Hybrid nodes are in the tier in which sessions work.</summary>
internal sealed class InstanceTierCheck() : Check(CheckId.InstanceTier)
{
    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (!scene.IsHybrid)
        {
            return null;
        }

        if (scene.ActivationTier.Obstacle is { } obstacle)
        {
            return Unknown(obstacle);
        }

        string[] evidence = [$"{SettingSurvey.ActivationTier}={scene.ActivationTier.Value}"];
        return scene.ActivationTier.Value == "advanced"
            ? Pass("hybrid nodes are in the advanced tier", evidence)
            : Fail(
                new FindingCause.StandardTier(scene.NodeId),
                "hybrid nodes are in the standard tier, in which Session Manager does not serve them",
                evidence) with
            {
                Fix = "Change to the advanced tier; it is paid by the node and hour",
                Command = $"aws ssm update-service-setting --region {scene.Region} --setting-id {SettingSurvey.ActivationTier} --setting-value advanced",
            };
    }
}
