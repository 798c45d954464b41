using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The instances that count as already made: of ours, of the same name, in the same subnets, and not terminated.
/// </summary>
internal static class ExistingInstances
{
    /// <summary>Finds them, oldest first.</summary>
    public static async Task<List<Instance>> FindAsync(
        AwsContext context,
        IReadOnlyList<string> subnetIds,
        string name,
        CancellationToken cancellationToken)
    {
        DescribeInstancesRequest request = new()
        {
            Filters =
            [
                new Filter { Name = "subnet-id", Values = [.. subnetIds.Distinct()] },
                new Filter { Name = "tag:Name", Values = [FilterText.Literal(name)] },
                new Filter { Name = "tag-key", Values = [SsmToolsTag.Key] },
                new Filter { Name = "instance-state-name", Values = ["pending", "running", "stopping", "stopped"] },
            ],
        };
        List<Instance> instances = await ServiceCall.ListAsync(
            token => InstanceReader.StreamAsync(context, request, token), name, cancellationToken).ConfigureAwait(false);
        return
        [
            .. instances
                .Where(instance => InstanceReader.TagOf(instance, "Name") == name)
                .OrderBy(instance => instance.LaunchTime)
                .ThenBy(instance => instance.InstanceId, StringComparer.Ordinal),
        ];
    }

    /// <summary>Holds one against what is asked for.</summary>
    /// <exception cref="EngineException">InstanceConflict, InstanceStopped.</exception>
    public static void RequireFit(Instance instance, LaunchRequest request, string name)
    {
        List<string> differences = [.. Differences(instance, request)];
        string id = instance.InstanceId!;
        if (differences.Count > 0)
        {
            throw new EngineException(
                "InstanceConflict",
                ErrorKind.ResourceExists,
                $"{instance.SubnetId} already has an instance {name}, {id}, but {string.Join("; ", differences)}.",
                $"Ask for what is there, choose another name, or remove it: Remove-SsmInstance {id}",
                id);
        }

        if (instance.State?.Name is InstanceStateName.Stopped or InstanceStateName.Stopping)
        {
            throw new EngineException(
                "InstanceStopped",
                ErrorKind.ResourceUnavailable,
                $"{instance.SubnetId} already has an instance {name}, {id}, but it is {instance.State.Name}.",
                $"Start it, choose another name, or remove it: Remove-SsmInstance {id}",
                id);
        }
    }

    private static IEnumerable<string> Differences(Instance instance, LaunchRequest request)
    {
        if (instance.InstanceType != request.InstanceType)
        {
            yield return $"its type is {instance.InstanceType}, not {request.InstanceType}";
        }

        string? image = ImageResolver.IsId(request.Image)
            ? instance.ImageId
            : InstanceReader.TagOf(instance, SsmToolsTag.ImageKey) ?? request.Image;
        if (!string.Equals(image, request.Image, StringComparison.OrdinalIgnoreCase))
        {
            yield return $"its image is {image}, not {request.Image}";
        }

        string? has = instance.IamInstanceProfile?.Arn is { } arn ? LaunchRules.ProfileName(arn) : null;
        string? wanted = request.InstanceProfileName is { } profile ? LaunchRules.ProfileName(profile) : null;
        if (!RoleRules.IsSame(has, wanted))
        {
            yield return $"its instance profile is {has ?? "(none)"}, not {wanted ?? "(none)"}";
        }

        string[] groups = [.. instance.SecurityGroups.Select(group => group.GroupId!)];
        if (request.SecurityGroupIds.Count > 0 && !request.SecurityGroupIds.ToHashSet().SetEquals(groups))
        {
            yield return $"its security groups are {string.Join(", ", groups)},"
                + $" not {string.Join(", ", request.SecurityGroupIds)}";
        }

        if (instance.MetadataOptions?.HttpPutResponseHopLimit is { } limit && limit != request.HopLimit)
        {
            yield return $"its hop limit is {limit}, not {request.HopLimit}";
        }
    }
}
