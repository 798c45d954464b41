using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Roles that EC2 may not assume: EC2 joins those who may, and nobody loses anything.</summary>
internal sealed class TrustPart(AwsContext context) : RepairPart
{
    private readonly SharedRoles _roles = new(context);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding) =>
        finding.Cause is FindingCause.RoleNotTrusted untrusted && _roles.Add(untrusted.RoleName, node);

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        foreach ((string name, List<string> nodes) in _roles.Nodes)
        {
            await draft.AttemptAsync(() => PlanAsync(draft, name, nodes, cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task PlanAsync(RepairDraft draft, string name, List<string> nodes, CancellationToken cancellationToken)
    {
        string? document = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
        if (TrustPolicy.TrustsEc2(document))
        {
            return;
        }

        string ec2 = TrustPolicy.Ec2(context.Partition);
        if (TrustAddition.Add(document, context.Partition) is null)
        {
            draft.Warnings.Add(
                $"The trust policy of role {name} denies {ec2}, for {RepairDraft.Some(nodes)}: whether it may assume the role"
                + " is for the role's owner to decide.");
            return;
        }

        draft.Change(
            nodes,
            await _roles.TargetAsync(name, cancellationToken).ConfigureAwait(false),
            $"Trust {ec2} beside {TrustPolicy.Principals(document)}",
            token => TrustAsync(name, token));
    }

    // Read again: what somebody else wrote since then is kept.
    private async Task TrustAsync(string name, CancellationToken cancellationToken)
    {
        string? document = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
        if (!TrustPolicy.TrustsEc2(document) && TrustAddition.Add(document, context.Partition) is { } added)
        {
            await ServiceCall.RunAsync(
                token => context.Iam.UpdateAssumeRolePolicyAsync(
                    new UpdateAssumeRolePolicyRequest { RoleName = name, PolicyDocument = added }, token),
                name,
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> ReadAsync(string name, CancellationToken cancellationToken) =>
        (await new IamReader(context).FindRoleAsync(name, cancellationToken).ConfigureAwait(false))?.AssumeRolePolicyDocument;
}
