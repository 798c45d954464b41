using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>The calls that make the parts of a network, each safe to repeat.</summary>
internal sealed class NetworkWriter(AwsContext context)
{
    /// <summary>Turns a VPC's DNS support or DNS host names on; EC2 takes one at a time.</summary>
    public Task EnableDnsAsync(string vpcId, bool hostnames, CancellationToken cancellationToken)
    {
        AttributeBooleanValue on = new() { Value = true };
        ModifyVpcAttributeRequest request = new()
        {
            VpcId = vpcId,
            EnableDnsHostnames = hostnames ? on : null,
            EnableDnsSupport = hostnames ? null : on,
        };
        return ServiceCall.RunAsync(
            token => context.Ec2.ModifyVpcAttributeAsync(request, token), vpcId, cancellationToken);
    }

    /// <summary>Makes a security group, or finds the one of that name: a name is there once in a VPC.</summary>
    public async Task CreateGroupAsync(
        NetworkPart group,
        string vpcId,
        string description,
        TagSpecification tags,
        CancellationToken cancellationToken)
    {
        CreateSecurityGroupResponse? response = await ServiceCall.TryAsync(
            token => context.Ec2.CreateSecurityGroupAsync(
                new CreateSecurityGroupRequest
                {
                    VpcId = vpcId,
                    GroupName = group.Name,
                    Description = description,
                    TagSpecifications = [tags],
                },
                token),
            group.Name,
            ["InvalidGroup.Duplicate"],
            cancellationToken).ConfigureAwait(false);
        group.Id = response?.GroupId ?? await FindGroupAsync(group.Name, vpcId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The tags of what is made for an owner: its name, ours and the user's.</summary>
    public static TagSpecification Tags(
        string resourceType,
        string name,
        string owner,
        IReadOnlyDictionary<string, string> more,
        string? part = null)
    {
        List<Tag> tags =
        [
            new Tag { Key = "Name", Value = name },
            new Tag { Key = SsmToolsTag.Key, Value = owner },
        ];
        if (part is not null)
        {
            tags.Add(new Tag { Key = SsmToolsTag.PartKey, Value = part });
        }

        tags.AddRange(more
            .Where(tag => tag.Key != "Name")
            .OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .Select(tag => new Tag { Key = tag.Key, Value = tag.Value }));
        return new TagSpecification { ResourceType = resourceType, Tags = tags };
    }

    private async Task<string> FindGroupAsync(string name, string vpcId, CancellationToken cancellationToken)
    {
        List<SecurityGroup> groups =
            await new NetworkReader(context).ListGroupsAsync(vpcId, cancellationToken).ConfigureAwait(false);
        SecurityGroup? taken = groups.Find(group => group.GroupName == name);
        return taken is not null && NetworkReader.IsOurs(taken.Tags)
            ? taken.GroupId!
            : throw NetworkErrors.GroupTaken(name, taken?.GroupId, vpcId);
    }
}
