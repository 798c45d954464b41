using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// The calls that take a network apart, each safe to repeat: what is gone is left. What was deleted before may hang on
/// for a while, and EC2 refuses with DependencyViolation until it is gone.
/// </summary>
internal sealed class NetworkEraser(AwsContext context, TimeProvider timeProvider)
{
    /// <summary>An instance that was told to go takes a minute or two, and its interface with it.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    public Task DeleteSubnetAsync(string id, CancellationToken cancellationToken) => DeleteAsync(
        token => context.Ec2.DeleteSubnetAsync(new DeleteSubnetRequest { SubnetId = id }, token),
        id,
        "InvalidSubnetID.NotFound",
        cancellationToken);

    public Task DeleteRouteTableAsync(string id, CancellationToken cancellationToken) => DeleteAsync(
        token => context.Ec2.DeleteRouteTableAsync(new DeleteRouteTableRequest { RouteTableId = id }, token),
        id,
        "InvalidRouteTableID.NotFound",
        cancellationToken);

    public Task DeleteGroupAsync(string id, CancellationToken cancellationToken) => DeleteAsync(
        token => context.Ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = id }, token),
        id,
        "InvalidGroup.NotFound",
        cancellationToken);

    public Task DeleteVpcAsync(string id, CancellationToken cancellationToken) => DeleteAsync(
        token => context.Ec2.DeleteVpcAsync(new DeleteVpcRequest { VpcId = id }, token),
        id,
        "InvalidVpcID.NotFound",
        cancellationToken);

    /// <summary>Takes away the rules that name other groups, which would keep those from being deleted.</summary>
    public async Task RevokeReferencesAsync(SecurityGroup group, CancellationToken cancellationToken)
    {
        string id = group.GroupId!;
        List<IpPermission> inwards = References(group.IpPermissions);
        List<IpPermission> outwards = References(group.IpPermissionsEgress);
        if (inwards.Count > 0)
        {
            await DeleteAsync(
                token => context.Ec2.RevokeSecurityGroupIngressAsync(
                    new RevokeSecurityGroupIngressRequest { GroupId = id, IpPermissions = inwards }, token),
                id,
                "InvalidPermission.NotFound",
                cancellationToken).ConfigureAwait(false);
        }

        if (outwards.Count > 0)
        {
            await DeleteAsync(
                token => context.Ec2.RevokeSecurityGroupEgressAsync(
                    new RevokeSecurityGroupEgressRequest { GroupId = id, IpPermissions = outwards }, token),
                id,
                "InvalidPermission.NotFound",
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Detaches an internet gateway and deletes it.</summary>
    public async Task DeleteGatewayAsync(string id, string vpcId, CancellationToken cancellationToken)
    {
        await DeleteAsync(
            token => context.Ec2.DetachInternetGatewayAsync(
                new DetachInternetGatewayRequest { InternetGatewayId = id, VpcId = vpcId }, token),
            id,
            "Gateway.NotAttached",
            cancellationToken).ConfigureAwait(false);
        await DeleteAsync(
            token => context.Ec2.DeleteInternetGatewayAsync(
                new DeleteInternetGatewayRequest { InternetGatewayId = id }, token),
            id,
            "InvalidInternetGatewayID.NotFound",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The part of permissions that names groups.</summary>
    public static List<IpPermission> References(List<IpPermission> permissions) =>
    [
        .. permissions
            .Where(permission => permission.UserIdGroupPairs.Count > 0)
            .Select(permission => new IpPermission
            {
                IpProtocol = permission.IpProtocol,
                FromPort = permission.FromPort,
                ToPort = permission.ToPort,
                UserIdGroupPairs = permission.UserIdGroupPairs,
            }),
    ];

    private async Task DeleteAsync<T>(
        Func<CancellationToken, Task<T>> call,
        string target,
        string gone,
        CancellationToken cancellationToken)
        where T : class
    {
        Backoff backoff = new(timeProvider, TimeSpan.FromMilliseconds(500), s_longest, s_budget);
        while (true)
        {
            try
            {
                await ServiceCall.TryAsync(call, target, [gone], cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (EngineException exception) when (exception.ErrorId == "StillInUse")
            {
                if (!await backoff.PauseAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }
}
