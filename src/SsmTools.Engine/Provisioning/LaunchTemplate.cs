using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>What is sent to RunInstances.</summary>
internal static class LaunchTemplate
{
    /// <summary>
    /// Builds the call for one instance in the first subnet. Its client token is left open for a named request without a
    /// token of its own.
    /// </summary>
    public static RunInstancesRequest Build(LaunchRequest request, string? name, string imageId, string? userData) => new()
    {
        ImageId = imageId,
        InstanceType = request.InstanceType,
        MinCount = 1,
        MaxCount = 1,
        SubnetId = request.SubnetId,
        SecurityGroupIds = [.. request.SecurityGroupIds],
        IamInstanceProfile = Profile(request.InstanceProfileName),
        MetadataOptions = new InstanceMetadataOptionsRequest
        {
            HttpTokens = "required",
            HttpEndpoint = "enabled",
            HttpPutResponseHopLimit = request.HopLimit,
        },
        TagSpecifications = [TagsFor("instance", request, name), TagsFor("volume", request, name)],
        KeyName = request.KeyName,
        UserData = string.IsNullOrEmpty(userData) ? null : userData,
        ClientToken = request.ClientToken ?? (name is null ? $"ssmtools-{Guid.NewGuid():N}" : null),
    };

    private static IamInstanceProfileSpecification? Profile(string? nameOrArn) =>
        nameOrArn is null ? null
        : LaunchRules.IsArn(nameOrArn) ? new IamInstanceProfileSpecification { Arn = nameOrArn }
        : new IamInstanceProfileSpecification { Name = nameOrArn };

    private static TagSpecification TagsFor(string resourceType, LaunchRequest request, string? name)
    {
        List<Tag> tags = [];
        if (name is not null)
        {
            tags.Add(new Tag { Key = "Name", Value = name });
        }

        tags.Add(new Tag { Key = SsmToolsTag.Key, Value = name ?? "instance" });
        if (!ImageResolver.IsId(request.Image))
        {
            tags.Add(new Tag { Key = SsmToolsTag.ImageKey, Value = ImageCatalog.Find(request.Image)!.Name });
        }

        tags.AddRange(request.Tags
            .Where(tag => tag.Key != "Name")
            .Select(tag => new Tag { Key = tag.Key, Value = tag.Value }));
        return new TagSpecification { ResourceType = resourceType, Tags = tags };
    }
}
