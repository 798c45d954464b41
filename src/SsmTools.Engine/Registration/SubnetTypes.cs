using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>
/// Which subnets are private: those whose route table has no route to an internet gateway. The route tables of all are
/// read once, when the first subnet is asked about.
/// </summary>
internal sealed class SubnetTypes(AwsContext context)
{
    /// <summary>The action that a caller may be denied.</summary>
    public const string Action = "ec2:DescribeRouteTables";

    private Dictionary<string, bool>? _hasGateway;

    /// <summary>Whether the caller may not read route tables.</summary>
    public bool Denied { get; private set; }

    /// <summary>Private, Public, or Unknown; null for what is in no subnet.</summary>
    public async ValueTask<string?> OfAsync(Instance? instance, CancellationToken cancellationToken)
    {
        if (instance?.SubnetId is not { } subnet || instance.VpcId is not { } vpc)
        {
            return null;
        }

        _hasGateway ??= await ReadAsync(cancellationToken).ConfigureAwait(false);

        // A subnet without a table of its own uses the VPC's main one.
        return _hasGateway.TryGetValue(subnet, out bool has) || _hasGateway.TryGetValue(vpc, out has)
            ? has ? "Public" : "Private"
            : "Unknown";
    }

    private async Task<Dictionary<string, bool>> ReadAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, bool> hasGateway = new(StringComparer.Ordinal);
        await foreach (RouteTable table in ServiceCall
            .GuardAsync(
                context.Ec2.DescribeRouteTablesItemsAsync(new DescribeRouteTablesRequest(), cancellationToken),
                _ => Denied = true,
                cancellationToken)
            .ConfigureAwait(false))
        {
            bool has = table.Routes.Exists(route => route.GatewayId?.StartsWith("igw-", StringComparison.Ordinal) == true);
            foreach (RouteTableAssociation association in table.Associations)
            {
                string? of = association.SubnetId ?? (association.Main == true ? table.VpcId : null);
                if (of is not null)
                {
                    hasGateway[of] = has;
                }
            }
        }

        return hasGateway;
    }
}
