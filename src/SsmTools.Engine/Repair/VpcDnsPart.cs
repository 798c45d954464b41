using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>VPCs whose names do not resolve, and endpoints that the services' names do not lead to.</summary>
internal sealed class VpcDnsPart(AwsContext context, TimeProvider timeProvider) : RepairPart
{
    private readonly NetworkReader _reader = new(context);
    private readonly Dictionary<string, HashSet<string>> _vpcs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _endpoints = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        switch (finding.Cause)
        {
            case FindingCause.DnsSupportOff off:
                return Note(_vpcs, off.VpcId, node);
            case FindingCause.DnsHostnamesOff off:
                return Note(_vpcs, off.VpcId, node);
            case FindingCause.PrivateDnsOff off:
                return Note(_endpoints, off.EndpointId, node);
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        List<VpcEndpoint> endpoints = [];
        if (_endpoints.Count > 0)
        {
            await draft.AttemptAsync(async () => endpoints =
                await _reader.FindEndpointsAsync(_endpoints.Keys, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }

        endpoints.RemoveAll(endpoint => endpoint.PrivateDnsEnabled == true);
        foreach (VpcEndpoint endpoint in endpoints)
        {
            // EC2 turns private names on only where the VPC has names at all.
            _vpcs.TryAdd(endpoint.VpcId!, []);
            _vpcs[endpoint.VpcId!].UnionWith(_endpoints[endpoint.VpcEndpointId!]);
        }

        foreach ((string vpcId, HashSet<string> nodes) in _vpcs)
        {
            await draft.AttemptAsync(() => TurnOnAsync(draft, vpcId, nodes, cancellationToken)).ConfigureAwait(false);
        }

        foreach (VpcEndpoint endpoint in endpoints)
        {
            string service = NetworkReader.ShortName(endpoint.ServiceName ?? string.Empty);
            draft.Change(
                _endpoints[endpoint.VpcEndpointId!],
                $"endpoint {endpoint.VpcEndpointId} ({service} for all of {endpoint.VpcId})",
                "Turn on private DNS",
                token => new EndpointWriter(context, timeProvider).ModifyAsync(
                    new ModifyVpcEndpointRequest { VpcEndpointId = endpoint.VpcEndpointId, PrivateDnsEnabled = true }, token));
        }
    }

    private static bool Note(Dictionary<string, HashSet<string>> where, string key, NodeDiagnosis node)
    {
        where.TryAdd(key, []);
        where[key].Add(node.Node.InstanceId);
        return true;
    }

    private async Task TurnOnAsync(RepairDraft draft, string vpcId, HashSet<string> nodes, CancellationToken cancellationToken)
    {
        (bool support, bool hostnames) = await _reader.ReadDnsAsync(vpcId, cancellationToken).ConfigureAwait(false);
        if (support && hostnames)
        {
            return;
        }

        string others = await new Bystanders(context).TellAsync("vpc-id", [vpcId], nodes, cancellationToken).ConfigureAwait(false);
        if (!support)
        {
            Change("Turn on DNS support", new ModifyVpcAttributeRequest { EnableDnsSupport = new() { Value = true } });
        }

        if (!hostnames)
        {
            Change("Turn on DNS host names", new ModifyVpcAttributeRequest { EnableDnsHostnames = new() { Value = true } });
        }

        void Change(string action, ModifyVpcAttributeRequest request)
        {
            request.VpcId = vpcId;
            draft.Change(nodes, $"{vpcId}{others}", action, token => ServiceCall.RunAsync(
                inner => context.Ec2.ModifyVpcAttributeAsync(request, inner), vpcId, token));
        }
    }
}
