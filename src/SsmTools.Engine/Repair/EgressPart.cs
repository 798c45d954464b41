using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Instances that may not leave on 443: to the endpoints where there are any, else to anywhere.</summary>
internal sealed class EgressPart(AwsContext context) : RepairPart
{
    private const string Anywhere = "0.0.0.0/0";

    private readonly NetworkReader _reader = new(context);
    private readonly Dictionary<string, HashSet<string>> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _endpoints = new(StringComparer.Ordinal);
    private readonly HashSet<string> _anywhere = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        if (finding.Cause is not FindingCause.EgressClosed { GroupIds: [string group, ..] } closed)
        {
            return false;
        }

        _nodes.TryAdd(group, []);
        _nodes[group].Add(node.Node.InstanceId);
        if (closed.EndpointIds.Count > 0)
        {
            _endpoints.TryAdd(group, []);
            _endpoints[group].UnionWith(closed.EndpointIds);
        }
        else if (!LacksEndpoints(node))
        {
            _anywhere.Add(group);
        }

        return true;
    }

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        foreach (string group in _nodes.Keys)
        {
            await draft.AttemptAsync(() => PlanAsync(draft, group, cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task PlanAsync(RepairDraft draft, string group, CancellationToken cancellationToken)
    {
        string others = await new Bystanders(context)
            .TellAsync("instance.group-id", [group], _nodes[group], cancellationToken).ConfigureAwait(false);
        string target = $"security group {group}{others}";
        if (_anywhere.Contains(group))
        {
            IpPermission permission = Https();
            permission.IpRanges.Add(new IpRange { CidrIp = Anywhere, Description = "SsmTools: HTTPS to Systems Manager" });
            draft.Change(
                _nodes[group], target, $"Let port 443 out to {Anywhere}", token => AllowAsync(group, permission, token));
            return;
        }

        HashSet<string> ids = _endpoints.GetValueOrDefault(group, []);
        List<VpcEndpoint> endpoints =
            ids.Count == 0 ? [] : await _reader.FindEndpointsAsync(ids, cancellationToken).ConfigureAwait(false);
        if (endpoints.Count == 0)
        {
            // The endpoints are made by this very plan; what group they get is known only then.
            draft.Change(
                _nodes[group], target, "Let port 443 out to the new endpoints", token => AllowNewAsync(group, token));
        }

        foreach (string goal in endpoints.Select(endpoint => endpoint.Groups.FirstOrDefault()?.GroupId).OfType<string>().Distinct())
        {
            draft.Change(
                _nodes[group],
                target,
                $"Let port 443 out to the endpoints' security group {goal}",
                token => AllowAsync(group, To(goal), token));
        }
    }

    private static bool LacksEndpoints(NodeDiagnosis node) => node.Findings.Any(finding =>
        finding is { Status: FindingStatus.Fail, Cause: FindingCause.EndpointMissing or FindingCause.RouteLeadsNowhere });

    private async Task AllowNewAsync(string group, CancellationToken cancellationToken)
    {
        SecurityGroup? own = (await ServiceCall.ListAsync(
            token => context.Ec2.DescribeSecurityGroupsItemsAsync(
                new DescribeSecurityGroupsRequest { Filters = [new Filter { Name = "group-id", Values = [group] }] }, token),
            group,
            cancellationToken).ConfigureAwait(false)).FirstOrDefault();
        List<VpcEndpoint> endpoints = own is null
            ? []
            : await _reader.ListEndpointsAsync(own.VpcId!, cancellationToken).ConfigureAwait(false);
        IEnumerable<string> goals = endpoints
            .Where(endpoint => EndpointCatalog.Required.Contains(NetworkReader.ShortName(endpoint.ServiceName ?? string.Empty)))
            .Select(endpoint => endpoint.Groups.FirstOrDefault()?.GroupId).OfType<string>().Distinct();
        foreach (string goal in goals)
        {
            await AllowAsync(group, To(goal), cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<AuthorizeSecurityGroupEgressResponse?> AllowAsync(
        string group, IpPermission permission, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => context.Ec2.AuthorizeSecurityGroupEgressAsync(
            new AuthorizeSecurityGroupEgressRequest { GroupId = group, IpPermissions = [permission] }, token),
        group,
        ["InvalidPermission.Duplicate"],
        cancellationToken);

    private static IpPermission To(string group)
    {
        IpPermission permission = Https();
        permission.UserIdGroupPairs.Add(new UserIdGroupPair { GroupId = group, Description = "SsmTools: HTTPS to the endpoints" });
        return permission;
    }

    private static IpPermission Https() => new()
    {
        IpProtocol = "tcp",
        FromPort = SecurityRuleSet.Https,
        ToPort = SecurityRuleSet.Https,
    };
}
