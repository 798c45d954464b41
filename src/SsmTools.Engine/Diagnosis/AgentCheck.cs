namespace SsmTools.Engine.Diagnosis;

/// <summary>There is an agent on the machine, and not one from long ago.</summary>
internal sealed class AgentCheck() : Check(CheckId.Agent)
{
    // The first that sessions work with (Session Manager's prerequisites).
    private static readonly Version s_oldest = new(2, 3, 68, 0);

    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.Information.Obstacle is { } unasked)
        {
            return Unknown(unasked);
        }

        if (scene.Information.Value is { AgentVersion: { } version } information)
        {
            return OfVersion(scene, version, information.IsLatestVersion);
        }

        return scene.Instance.Value is null ? null : OfImage(scene);
    }

    private Finding OfVersion(Scene scene, string version, bool? isLatest)
    {
        string[] evidence = [$"AgentVersion={version}", $"IsLatestVersion={isLatest}"];
        string update = $"aws ssm send-command --region {scene.Region} --document-name AWS-UpdateSSMAgent --instance-ids {scene.NodeId}";
        return Version.TryParse(version, out Version? number) && number < s_oldest
            ? Fail(
                new FindingCause.AgentTooOld(scene.NodeId, version, s_oldest.ToString()),
                $"agent {version} is too old for sessions, which need {s_oldest}",
                evidence) with
            {
                Fix = "Update the agent",
                Command = update,
            }
            : isLatest == false
            ? Warn(null, $"agent {version} is not the latest", evidence) with { Fix = "Update the agent", Command = update }
            : Pass($"agent {version} has registered", evidence);
    }

    private Finding OfImage(Scene scene)
    {
        if (scene.Image.Obstacle is { } obstacle)
        {
            return Unknown(obstacle);
        }

        string id = scene.Instance.Value!.ImageId ?? "unknown";
        string[] evidence = [id, scene.Image.Value?.Name ?? "no longer listed"];
        return ImageAgents.Of(scene.Image.Value) switch
        {
            true => Pass("the image brings the agent", evidence),
            false => WithoutAgent(scene, id, evidence),
            _ => new Finding
            {
                Check = Id,
                Status = FindingStatus.Unknown,
                Because = scene.Image.Value is null
                    ? $"the image {id} is no longer listed, so whether it brought the agent cannot be told"
                    : $"whether the image {scene.Image.Value.Name} brings the agent cannot be told from its name",
                Evidence = evidence,
                Fix = "If it does not, install the agent through user data or into the image",
            },
        };
    }

    private Finding WithoutAgent(Scene scene, string imageId, string[] evidence)
    {
        if (scene.UserData.Obstacle is { } obstacle)
        {
            return Unknown(obstacle, evidence);
        }

        string name = scene.Image.Value!.Name ?? imageId;
        return scene.UserData.Value?.Contains("amazon-ssm-agent", StringComparison.OrdinalIgnoreCase) == true
            || scene.UserData.Value?.Contains("AmazonSSMAgent", StringComparison.OrdinalIgnoreCase) == true
            ? Pass("the image has no agent, but the user data installs it", [.. evidence, "user data names amazon-ssm-agent"])
            : Fail(
                new FindingCause.AgentNotInImage(scene.NodeId, imageId, name),
                $"the image {name} has no agent, and the user data does not install it",
                [.. evidence, string.IsNullOrEmpty(scene.UserData.Value) ? "no user data" : "user data does not name amazon-ssm-agent"]) with
            {
                Fix = "Install the agent: through user data on the next start, or in the image",
            };
    }
}
