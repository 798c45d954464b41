using System.Text.Json.Nodes;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Endpoints whose policy does not allow what agents call: exactly that is added, for principals of the account.</summary>
internal sealed class EndpointPolicyPart(AwsContext context, TimeProvider timeProvider) : RepairPart
{
    private readonly Dictionary<string, HashSet<string>> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _actions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        if (finding.Cause is not FindingCause.EndpointPolicyDenies denies)
        {
            return false;
        }

        _nodes.TryAdd(denies.EndpointId, []);
        _nodes[denies.EndpointId].Add(node.Node.InstanceId);
        _actions.TryAdd(denies.EndpointId, []);
        _actions[denies.EndpointId].UnionWith(denies.Actions);
        return true;
    }

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        if (_nodes.Count == 0)
        {
            return;
        }

        foreach (VpcEndpoint endpoint in
            await new NetworkReader(context).FindEndpointsAsync(_nodes.Keys, cancellationToken).ConfigureAwait(false))
        {
            string id = endpoint.VpcEndpointId!;
            string actions = string.Join(", ", _actions[id].Order(StringComparer.Ordinal));
            if (Add(endpoint) is null)
            {
                draft.Warnings.Add(
                    $"The policy of endpoint {id} denies {actions}, for {RepairDraft.Some(_nodes[id])}: that denial is for its owner"
                    + " to take back.");
                continue;
            }

            draft.Change(
                _nodes[id],
                $"endpoint {id} ({NetworkReader.ShortName(endpoint.ServiceName ?? string.Empty)} for all of {endpoint.VpcId})",
                $"Allow {actions} for principals of account {endpoint.OwnerId} in its policy",
                token => AllowAsync(id, token));
        }
    }

    // Read again: what somebody else wrote since then is kept, and what is there already is not added twice.
    private async Task AllowAsync(string id, CancellationToken cancellationToken)
    {
        List<VpcEndpoint> found =
            await new NetworkReader(context).FindEndpointsAsync([id], cancellationToken).ConfigureAwait(false);
        if (found is [var endpoint] && !HasAddition(endpoint) && Add(endpoint) is { } policy)
        {
            await new EndpointWriter(context, timeProvider).ModifyAsync(
                new ModifyVpcEndpointRequest { VpcEndpointId = id, PolicyDocument = policy }, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool HasAddition(VpcEndpoint endpoint) =>
        PolicyEdit.Has(endpoint.PolicyDocument, Statement(endpoint));

    private string? Add(VpcEndpoint endpoint) =>
        PolicyEdit.Denies(endpoint.PolicyDocument, _actions[endpoint.VpcEndpointId!])
            ? null
            : PolicyEdit.Add(endpoint.PolicyDocument, Statement(endpoint));

    private JsonObject Statement(VpcEndpoint endpoint) => new()
    {
        ["Effect"] = "Allow",
        ["Principal"] = "*",
        ["Action"] = new JsonArray(
            [.. _actions[endpoint.VpcEndpointId!].Order(StringComparer.Ordinal).Select(action => JsonValue.Create(action))]),
        ["Resource"] = "*",

        // Without this, the endpoint would carry what is here to anybody's account.
        ["Condition"] = new JsonObject
        {
            ["StringEquals"] = new JsonObject { ["aws:PrincipalAccount"] = endpoint.OwnerId },
        },
    };
}
