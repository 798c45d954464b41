using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using IamProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Provisioning;

/// <summary>What must be there before an instance can be launched, looked at so that a plan is not a guess.</summary>
internal sealed class LaunchPreconditions(AwsContext context)
{
    /// <summary>The subnets, each once, in the order of their ids.</summary>
    /// <exception cref="EngineException">SubnetNotFound, for the first that is not there.</exception>
    public async Task<List<Subnet>> RequireSubnetsAsync(
        IReadOnlyList<string> subnetIds,
        CancellationToken cancellationToken)
    {
        // A filter, since one unknown id among others would fail the call without saying which.
        DescribeSubnetsRequest request = new()
        {
            Filters = [new Filter { Name = "subnet-id", Values = [.. subnetIds.Distinct()] }],
        };
        List<Subnet> found = await ServiceCall.ListAsync(
            token => context.Ec2.DescribeSubnetsItemsAsync(request, token),
            subnetIds[0],
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. subnetIds.Distinct().Select(id => found.Find(subnet => subnet.SubnetId == id)
                ?? throw new EngineException(
                    "SubnetNotFound",
                    ErrorKind.ObjectNotFound,
                    $"There is no subnet {id} in {context.Region}.",
                    "Check the id and the region (-Region).",
                    id)),
        ];
    }

    /// <summary>Checks that the security groups exist and belong to the subnets' VPC.</summary>
    /// <exception cref="EngineException">SecurityGroupNotFound, SecurityGroupMismatch.</exception>
    public async Task RequireSecurityGroupsAsync(
        IReadOnlyList<string> groupIds,
        IReadOnlyList<Subnet> subnets,
        CancellationToken cancellationToken)
    {
        if (groupIds.Count == 0)
        {
            return;
        }

        DescribeSecurityGroupsResponse? response = await ServiceCall.TryAsync(
            token => context.Ec2.DescribeSecurityGroupsAsync(
                new DescribeSecurityGroupsRequest { GroupIds = [.. groupIds] }, token),
            groupIds[0],
            ["InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidGroupId.NotFound"],
            cancellationToken).ConfigureAwait(false);
        string? missing = groupIds.FirstOrDefault(
            id => response?.SecurityGroups.Exists(group => group.GroupId == id) != true);
        if (missing is not null)
        {
            throw new EngineException(
                "SecurityGroupNotFound",
                ErrorKind.ObjectNotFound,
                groupIds.Count == 1
                    ? $"There is no security group {missing} in {context.Region}."
                    : $"Not all of the security groups {string.Join(", ", groupIds)} exist in {context.Region}.",
                "Check the ids and the region (-Region).",
                missing);
        }

        foreach ((SecurityGroup foreign, Subnet subnet) in
            from @group in response!.SecurityGroups
            from subnet in subnets
            where @group.VpcId != subnet.VpcId
            select (@group, subnet))
        {
            throw new EngineException(
                "SecurityGroupMismatch",
                ErrorKind.InvalidArgument,
                $"Security group {foreign.GroupId} belongs to {foreign.VpcId}, subnet {subnet.SubnetId} to {subnet.VpcId}.",
                $"Use a security group of {subnet.VpcId}.",
                foreign.GroupId);
        }
    }

    /// <summary>
    /// Checks with IAM that the instance profile exists, since EC2 has one answer for a profile that does not exist and
    /// for one that it does not see yet.
    /// </summary>
    /// <exception cref="EngineException">InstanceProfileNotFound, InstanceProfileEmpty.</exception>
    public async Task RequireProfileAsync(string? nameOrArn, List<string> warnings, CancellationToken cancellationToken)
    {
        if (nameOrArn is null)
        {
            warnings.Add(
                "Without an instance profile the instance registers only where Default Host Management is on in "
                + context.Region + ".");
            return;
        }

        string name = LaunchRules.ProfileName(nameOrArn);
        IamProfile? profile;
        try
        {
            profile = await new IamReader(context).FindProfileAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.PermissionDenied)
        {
            // Who may launch may not always read IAM; EC2 has the last word then.
            return;
        }

        if (profile is null)
        {
            throw new EngineException(
                "InstanceProfileNotFound",
                ErrorKind.ObjectNotFound,
                $"There is no instance profile {name}.",
                $"Make it: New-SsmInstanceRole {name}",
                name);
        }

        if (profile.Roles.Count == 0)
        {
            throw new EngineException(
                "InstanceProfileEmpty",
                ErrorKind.InvalidOperation,
                $"Instance profile {name} holds no role, so an instance would have no rights.",
                $"Complete it: New-SsmInstanceRole {name}",
                name);
        }
    }
}
