using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The agent can get its credentials from the instance's metadata.</summary>
internal sealed class MetadataCheck() : Check(CheckId.Metadata)
{
    private static readonly string[] s_containerHosts = ["bottlerocket", "-ecs-", "-eks-"];

    /// <inheritdoc/>
    public override Finding? Examine(Scene scene)
    {
        if (scene.Instance.Value is not { } instance)
        {
            return null;
        }

        InstanceMetadataOptionsResponse? options = instance.MetadataOptions;
        string[] evidence =
        [
            $"HttpEndpoint={options?.HttpEndpoint ?? "enabled"}",
            $"HttpTokens={options?.HttpTokens ?? "optional"}",
            $"HttpPutResponseHopLimit={options?.HttpPutResponseHopLimit ?? 1}",
        ];
        if (options?.HttpEndpoint == "disabled")
        {
            return Fail(
                new FindingCause.MetadataDisabled(scene.NodeId),
                "instance metadata is switched off, so the agent gets no credentials",
                evidence) with
            {
                Fix = "Switch the metadata endpoint on",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
        }

        string image = scene.Image.Value?.Name ?? string.Empty;
        return options?.HttpPutResponseHopLimit == 1 && s_containerHosts.Any(name => image.Contains(name, StringComparison.OrdinalIgnoreCase))
            ? Warn(
                new FindingCause.HopLimitTooLow(scene.NodeId, 1),
                "the hop limit is 1: an agent in a container does not get at the metadata",
                [.. evidence, $"image {image}"]) with
            {
                Fix = "Raise the hop limit to 2",
                Command = $"aws ec2 modify-instance-metadata-options --region {scene.Region} --instance-id {scene.NodeId} --http-put-response-hop-limit 2",
            }
            : Pass("instance metadata can be read", evidence);
    }
}
