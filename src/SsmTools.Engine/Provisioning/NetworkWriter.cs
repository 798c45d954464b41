using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>The calls that make the parts of a network, each safe to repeat.</summary>
internal sealed class NetworkWriter(AwsContext context, TimeProvider timeProvider)
{
    /// <summary>What was just made is not known everywhere at once.</summary>
    internal static readonly string[] Unseen =
    [
        "InvalidVpcID.NotFound", "InvalidSubnetID.NotFound", "InvalidRouteTableID.NotFound", "InvalidGroup.NotFound",
        "InvalidSecurityGroupID.NotFound", "InvalidGroupId.NotFound",
    ];

    private readonly NetworkReader _reader = new(context);

    /// <summary>
    /// Makes the VPC. There is no client token for this, so what an earlier run made, and EC2 did not list in time, shows
    /// only afterwards: then one is kept, always the same, and the others, which are empty, go.
    /// </summary>
    public async Task CreateVpcAsync(NetworkPart vpc, string cidr, TagSpecification tags, CancellationToken cancellationToken)
    {
        if (vpc.Id is not null)
        {
            return;
        }

        CreateVpcResponse response = await ServiceCall.RunAsync(
            token => context.Ec2.CreateVpcAsync(
                new CreateVpcRequest { CidrBlock = cidr, TagSpecifications = [tags] }, token),
            vpc.Name,
            cancellationToken).ConfigureAwait(false);
        string made = response.Vpc!.VpcId!;
        Backoff backoff = new(
            timeProvider, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        List<Vpc> all;
        do
        {
            all = await _reader.FindByNameAsync(vpc.Name, cancellationToken).ConfigureAwait(false);
        }
        while (!all.Exists(one => one.VpcId == made) && await backoff.PauseAsync(cancellationToken).ConfigureAwait(false));

        VpcChoice choice = await VpcChoice.MakeAsync(
            _reader, [.. all.Where(one => NetworkReader.IsOurs(one.Tags))], cancellationToken).ConfigureAwait(false);
        vpc.Id = choice.Kept?.VpcId ?? made;
        foreach (Vpc empty in choice.Empty)
        {
            await DeleteVpcAsync(empty.VpcId!, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes a VPC; one that is gone is left.</summary>
    public Task DeleteVpcAsync(string vpcId, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => context.Ec2.DeleteVpcAsync(new DeleteVpcRequest { VpcId = vpcId }, token),
        vpcId,
        ["InvalidVpcID.NotFound"],
        cancellationToken);

    /// <summary>Makes a subnet, or finds the one that has its range: a range is there once in a VPC.</summary>
    public async Task CreateSubnetAsync(
        SubnetPart subnet,
        string vpcId,
        TagSpecification tags,
        CancellationToken cancellationToken)
    {
        CreateSubnetResponse? response = await ServiceCall.TryAsync(
            token => SeenAsync(
                inner => context.Ec2.CreateSubnetAsync(
                    new CreateSubnetRequest
                    {
                        VpcId = vpcId,
                        CidrBlock = subnet.Cidr,
                        AvailabilityZone = subnet.Zone,
                        TagSpecifications = [tags],
                    },
                    inner),
                token),
            vpcId,
            ["InvalidSubnet.Conflict"],
            cancellationToken).ConfigureAwait(false);
        subnet.Id = response?.Subnet?.SubnetId
            ?? await FindSubnetAsync(subnet, vpcId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a route table, or finds it by its token.</summary>
    public async Task CreateRouteTableAsync(
        NetworkPart table,
        string vpcId,
        TagSpecification tags,
        CancellationToken cancellationToken)
    {
        CreateRouteTableResponse response = await ServiceCall.RunAsync(
            token => SeenAsync(
                inner => context.Ec2.CreateRouteTableAsync(
                    new CreateRouteTableRequest
                    {
                        VpcId = vpcId,
                        ClientToken = CallToken.Derive(
                            [vpcId, table.Name, .. tags.Tags.SelectMany(tag => new[] { tag.Key, tag.Value })]),
                        TagSpecifications = [tags],
                    },
                    inner),
                token),
            vpcId,
            cancellationToken).ConfigureAwait(false);
        table.Id = response.RouteTable!.RouteTableId;
    }

    /// <summary>Has a subnet use a route table; one that uses a table already is left.</summary>
    public Task AssociateAsync(string tableId, string subnetId, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => SeenAsync(
            inner => context.Ec2.AssociateRouteTableAsync(
                new AssociateRouteTableRequest { RouteTableId = tableId, SubnetId = subnetId }, inner),
            token),
        subnetId,
        ["Resource.AlreadyAssociated"],
        cancellationToken);

    /// <summary>Lets a group's members out to a range on 443.</summary>
    public Task LetOutAsync(string groupId, string cidr, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => SeenAsync(
            inner => context.Ec2.AuthorizeSecurityGroupEgressAsync(
                new AuthorizeSecurityGroupEgressRequest
                {
                    GroupId = groupId,
                    IpPermissions = [SecurityRuleSet.HttpsFor(cidr)],
                },
                inner),
            token),
        groupId,
        ["InvalidPermission.Duplicate"],
        cancellationToken);

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
            token => SeenAsync(inner => context.Ec2.ModifyVpcAttributeAsync(request, inner), token),
            vpcId,
            cancellationToken);
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
            token => SeenAsync(
                inner => context.Ec2.CreateSecurityGroupAsync(
                    new CreateSecurityGroupRequest
                    {
                        VpcId = vpcId,
                        GroupName = group.Name,
                        Description = description,
                        TagSpecifications = [tags],
                    },
                    inner),
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
            await _reader.ListGroupsAsync(vpcId, cancellationToken).ConfigureAwait(false);
        SecurityGroup? taken = groups.Find(group => group.GroupName == name);
        return taken is not null && NetworkReader.IsOurs(taken.Tags)
            ? taken.GroupId!
            : throw NetworkErrors.GroupTaken(name, taken?.GroupId, vpcId);
    }

    private async Task<string> FindSubnetAsync(SubnetPart subnet, string vpcId, CancellationToken cancellationToken)
    {
        List<Subnet> all = await _reader.ListSubnetsAsync("vpc-id", [vpcId], cancellationToken).ConfigureAwait(false);
        Subnet? taken = all.Find(one => NetworkCidr.Overlap(one.CidrBlock!, subnet.Cidr));
        return taken is not null && taken.CidrBlock == subnet.Cidr && NetworkReader.IsOurs(taken.Tags)
            ? taken.SubnetId!
            : throw NetworkErrors.RangeTaken(subnet.Cidr, taken, vpcId);
    }

    private Task<T> SeenAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        Eventually.RunAsync(call, Unseen, timeProvider, cancellationToken);
}
