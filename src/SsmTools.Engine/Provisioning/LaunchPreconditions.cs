using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using IamProfile = SsmTools.Engine.Aws.Iam.InstanceProfile;

namespace SsmTools.Engine.Provisioning;

/// <summary>What must be there before an instance can be launched, looked at so that a plan is not a guess.</summary>
internal sealed class LaunchPreconditions(AwsContext context)
{
    /// <summary>The subnet.</summary>
    /// <exception cref="EngineException">SubnetNotFound.</exception>
    public async Task<Subnet> RequireSubnetAsync(string subnetId, CancellationToken cancellationToken)
    {
        DescribeSubnetsResponse? response = await ServiceCall.TryAsync(
            token => context.Ec2.DescribeSubnetsAsync(new DescribeSubnetsRequest { SubnetIds = [subnetId] }, token),
            subnetId,
            ["InvalidSubnetID.NotFound", "InvalidSubnetId.Malformed"],
            cancellationToken).ConfigureAwait(false);
        return response?.Subnets.FirstOrDefault() ?? throw new EngineException(
            "SubnetNotFound",
            ErrorKind.ObjectNotFound,
            $"There is no subnet {subnetId} in {context.Region}.",
            "Check the id and the region (-Region).",
            subnetId);
    }

    /// <summary>Checks that the security groups exist and belong to the subnet's VPC.</summary>
    /// <exception cref="EngineException">SecurityGroupNotFound, SecurityGroupMismatch.</exception>
    public async Task RequireSecurityGroupsAsync(
        IReadOnlyList<string> groupIds,
        Subnet subnet,
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

        if (response!.SecurityGroups.Find(group => group.VpcId != subnet.VpcId) is { } foreign)
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
