using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Choosing;

/// <summary>What is said already of the network that something else is to be chosen of.</summary>
/// <param name="VpcId">The VPC; null where it is not given.</param>
/// <param name="SubnetId">A subnet; null where none is given.</param>
/// <param name="SecurityGroupId">A security group; null where none is given.</param>
public sealed record NetworkHint(string? VpcId, string? SubnetId, string? SecurityGroupId)
{
    /// <summary>Nothing is said.</summary>
    public static NetworkHint None { get; } = new(null, null, null);

    /// <summary>The filter for what is in the same VPC; none where that cannot be told.</summary>
    internal async Task<List<Filter>> FilterAsync(AwsContext context, CancellationToken cancellationToken)
    {
        string? vpc = VpcId
            ?? await OfSubnetAsync(context, cancellationToken).ConfigureAwait(false)
            ?? await OfGroupAsync(context, cancellationToken).ConfigureAwait(false);
        return vpc is null ? [] : [new Filter { Name = "vpc-id", Values = [vpc] }];
    }

    private async Task<string?> OfSubnetAsync(AwsContext context, CancellationToken cancellationToken) =>
        SubnetId is null ? null : (await new NetworkReader(context)
            .ListSubnetsAsync("subnet-id", [SubnetId], cancellationToken).ConfigureAwait(false)).FirstOrDefault()?.VpcId;

    private async Task<string?> OfGroupAsync(AwsContext context, CancellationToken cancellationToken) =>
        SecurityGroupId is null ? null : (await ServiceCall.ListAsync(
            token => context.Ec2.DescribeSecurityGroupsItemsAsync(
                new DescribeSecurityGroupsRequest { Filters = [new Filter { Name = "group-id", Values = [SecurityGroupId] }] }, token),
            SecurityGroupId,
            cancellationToken).ConfigureAwait(false)).FirstOrDefault()?.VpcId;
}
