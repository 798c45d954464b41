using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Subnets without a way to the services get endpoints, and endpoints that do not let them in do.</summary>
internal sealed class EndpointPart(AwsContext context, TimeProvider timeProvider) : RepairPart
{
    private readonly List<Demand> _demands = [];
    private readonly Dictionary<string, List<string>> _pending = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        Demand? demand = finding.Cause switch
        {
            FindingCause.EndpointMissing missing =>
                new(node.Node.InstanceId, missing.VpcId, missing.SubnetId, missing.Services),
            FindingCause.RouteLeadsNowhere route =>
                new(node.Node.InstanceId, route.VpcId, route.SubnetId, EndpointCatalog.Required),
            FindingCause.SessionEndpointMissing session =>
                new(node.Node.InstanceId, session.VpcId, session.SubnetId, session.Services),
            FindingCause.EndpointGroupClosed closed => new(node.Node.InstanceId, null, closed.SubnetId, [closed.Service]),

            _ => null,
        };
        if (demand is not null)
        {
            _demands.Add(demand);
            return true;
        }

        // Made a moment ago, perhaps by a repair that was stopped: it serves in a minute or two.
        if (finding.Cause is FindingCause.EndpointNotAvailable found
            && found.State.Equals(State.Pending, StringComparison.OrdinalIgnoreCase))
        {
            _pending.TryAdd(found.EndpointId, []);
            _pending[found.EndpointId].Add(node.Node.InstanceId);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        if (_pending.Count > 0)
        {
            draft.Await(_pending.Values.SelectMany(nodes => nodes), "the endpoints to serve", token =>
                new EndpointWriter(context, timeProvider).WaitAsync(_pending.Keys, token));
        }

        if (_demands.Count == 0)
        {
            return;
        }

        Dictionary<string, string> vpcs = await ReadVpcsAsync(cancellationToken).ConfigureAwait(false);
        IEnumerable<IGrouping<string?, Demand>> byVpc =
            _demands.GroupBy(demand => demand.VpcId ?? vpcs.GetValueOrDefault(demand.SubnetId));
        foreach (IGrouping<string?, Demand> group in byVpc.Where(group => group.Key is not null))
        {
            await draft.AttemptAsync(() => PlanAsync(draft, group.Key!, [.. group], cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task PlanAsync(RepairDraft draft, string vpcId, List<Demand> demands, CancellationToken cancellationToken)
    {
        // A finding names the first endpoint that is closed, and the next one mostly has the same group.
        IEnumerable<string> there = demands.Exists(demand => demand.VpcId is null)
            ? (await new NetworkReader(context).ListEndpointsAsync(vpcId, cancellationToken).ConfigureAwait(false))
                .Where(endpoint => NetworkReader.IsAlive(endpoint) && endpoint.VpcEndpointType == VpcEndpointType.Interface)
                .Select(endpoint => NetworkReader.ShortName(endpoint.ServiceName ?? string.Empty))
                .Where(service => EndpointCatalog.Required.Contains(service))
            : [];
        EndpointRequest request = new()
        {
            VpcId = vpcId,
            SubnetIds = [.. demands.Select(demand => demand.SubnetId).Distinct()],
            Services = [.. demands.SelectMany(demand => demand.Services).Concat(there).Distinct()],
            LeavesZones = true,
        };
        EndpointProvisioner provisioner = new(context, timeProvider);
        draft.Take(
            demands.Select(demand => demand.NodeId),
            await provisioner.PlanAsync(request, cancellationToken).ConfigureAwait(false));
    }

    private async Task<Dictionary<string, string>> ReadVpcsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, string> vpcs = _demands.Where(demand => demand.VpcId is not null)
            .DistinctBy(demand => demand.SubnetId).ToDictionary(demand => demand.SubnetId, demand => demand.VpcId!);
        string[] unknown = [.. _demands.Select(demand => demand.SubnetId).Distinct().Except(vpcs.Keys)];
        foreach (string[] batch in unknown.Chunk(InstanceReader.FilterValues))
        {
            foreach (Subnet subnet in
                await new NetworkReader(context).ListSubnetsAsync("subnet-id", batch, cancellationToken).ConfigureAwait(false))
            {
                vpcs[subnet.SubnetId!] = subnet.VpcId!;
            }
        }

        return vpcs;
    }

    private sealed record Demand(string NodeId, string? VpcId, string SubnetId, IReadOnlyList<string> Services);
}
