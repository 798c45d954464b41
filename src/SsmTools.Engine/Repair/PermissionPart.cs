using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Roles that lack the agent's rights get AWS's policy for agents.</summary>
internal sealed class PermissionPart(AwsContext context, TimeProvider timeProvider) : RepairPart
{
    private readonly SharedRoles _roles = new(context);
    private readonly SharedRoles _hostManagement = new(context);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding) => finding.Cause switch
    {
        FindingCause.RoleLacksActions lacking => _roles.Add(lacking.RoleName, node),
        FindingCause.HostManagementRoleUnfit { Actions.Count: > 0 } unfit => _hostManagement.Add(unfit.RoleName, node),
        _ => false,
    };

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        string core = ManagedPolicies.CoreArn(context.Partition);
        foreach ((string role, List<string> nodes) in _roles.Nodes)
        {
            await draft.AttemptAsync(async () =>
            {
                string target = await _roles.TargetAsync(role, cancellationToken).ConfigureAwait(false);
                await AttachAsync(draft, role, core, target, nodes, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }

        string policy = ManagedPolicies.Arn(context.Partition, ManagedPolicies.HostManagementName);
        foreach ((string role, List<string> nodes) in _hostManagement.Nodes)
        {
            string target = SharedRoles.HostManagement(role, context.Region);
            await draft.AttemptAsync(() => AttachAsync(draft, role, policy, target, nodes, cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task AttachAsync(
        RepairDraft draft,
        string roleName,
        string policyArn,
        string target,
        List<string> nodes,
        CancellationToken cancellationToken)
    {
        IamReader reader = new(context);
        string policy = policyArn[(policyArn.LastIndexOf('/') + 1)..];
        if (await reader.FindRoleAsync(roleName, cancellationToken).ConfigureAwait(false) is null)
        {
            draft.Warnings.Add($"There is no role {roleName}, which {RepairDraft.Some(nodes)} should get their rights from.");
            return;
        }

        List<AttachedPolicy> attached = await reader.ListPoliciesAsync(roleName, cancellationToken).ConfigureAwait(false);
        if (attached.Exists(one => one.PolicyArn == policyArn))
        {
            draft.Warnings.Add(
                $"Role {roleName} has {policy} and lacks rights all the same, for {RepairDraft.Some(nodes)}: see the policies that deny.");
            return;
        }

        draft.Change(
            nodes,
            target,
            $"Attach policy {policy}",
            token => new IamWriter(context, timeProvider).AttachAsync(roleName, policyArn, token));
    }
}
