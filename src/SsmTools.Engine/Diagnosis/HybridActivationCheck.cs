namespace SsmTools.Engine.Diagnosis;

/// <summary>A hybrid node is known, and could register again with its activation.</summary>
internal sealed class HybridActivationCheck() : Check(CheckId.HybridActivation)
{
    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (!scene.IsHybrid)
        {
            return null;
        }

        if (scene.Information.Obstacle is { } unasked)
        {
            return Unknown(unasked);
        }

        if (scene.Information.Value is not { } information)
        {
            return Fail(
                new FindingCause.NodeNotFound(scene.NodeId, scene.OtherRegion),
                $"Systems Manager has no such node in {scene.Region}",
                $"looked for {scene.NodeId} in {scene.Region}") with
            {
                Fix = "Check id and region; a machine that was deregistered has to register with a new activation",
                Command = Create(scene, null, null),
            };
        }

        string id = information.ActivationId ?? "unknown";
        if (scene.Activation.Obstacle is { } obstacle)
        {
            return Unknown(obstacle, $"activation {id}");
        }

        string[] evidence =
        [
            $"activation {id}",
            $"ExpirationDate={scene.Activation.Value?.ExpirationDate:u}",
            $"registrations {scene.Activation.Value?.RegistrationsCount} of {scene.Activation.Value?.RegistrationLimit}",
        ];
        if (scene.IsOnline)
        {
            return Pass("the node is registered, for which its activation is no longer needed", evidence);
        }

        bool isSpent = scene.Activation.Value is not { } activation || activation.Expired == true
            || (activation.ExpirationDate is { } expires && expires <= scene.Now)
            || activation.RegistrationsCount >= activation.RegistrationLimit;
        return isSpent
            ? Fail(
                new FindingCause.ActivationSpent(id, scene.Activation.Value?.ExpirationDate),
                $"the agent is silent, and its activation {id} is over or used up: a machine that was set up anew cannot register with it",
                evidence) with
            {
                Fix = "Start the agent if the machine is the same; else register it with a new activation",
                Command = Create(scene, information.Name, information.IamRole),
            }
            : Pass($"the activation {id} is good for another registration", evidence);
    }

    private static string Create(Scene scene, string? name, string? role) =>
        $"Register-SsmNode '{(string.IsNullOrEmpty(name) ? scene.NodeId : name)}'{(role is null ? string.Empty : $" -RoleName '{role.Split('/')[^1]}'")}";
}
