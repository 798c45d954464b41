using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>A check of the way between a node and Systems Manager.</summary>
internal abstract class NetworkCheck(string id) : Check(id)
{
    /// <inheritdoc/>
    public sealed override Finding? Examine(Scene scene) =>
        scene.Instance.Value?.VpcId is null ? null : Examine(scene, new NetworkView(scene));

    /// <summary>Looks at one node that stands in a VPC.</summary>
    protected abstract Finding? Examine(Scene scene, NetworkView view);

    /// <summary>The first of what a check depends on that is not known.</summary>
    protected Finding? Gap(params Obstacle?[] obstacles) =>
        Array.Find(obstacles, obstacle => obstacle is not null) is { } gap ? Unknown(gap) : null;
}
