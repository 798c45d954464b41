using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>
/// Roles that EC2 may not assume, or Systems Manager for Default Host Management: the service joins those who may, and
/// nobody loses anything.
/// </summary>
internal sealed class TrustPart(AwsContext context) : RepairPart
{
    private readonly SharedRoles _roles = new(context);
    private readonly SharedRoles _hostManagement = new(context);

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding) => finding.Cause switch
    {
        FindingCause.RoleNotTrusted untrusted => _roles.Add(untrusted.RoleName, node),
        FindingCause.HostManagementRoleNotTrusted untrusted => _hostManagement.Add(untrusted.RoleName, node),
        _ => false,
    };

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        foreach ((string name, List<string> nodes) in _roles.Nodes)
        {
            await draft.AttemptAsync(async () => await PlanAsync(
                draft,
                name,
                TrustPolicy.Ec2(context.Partition),
                await _roles.TargetAsync(name, cancellationToken).ConfigureAwait(false),
                nodes,
                cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }

        foreach ((string name, List<string> nodes) in _hostManagement.Nodes)
        {
            await draft.AttemptAsync(() => PlanAsync(
                draft, name, TrustPolicy.SystemsManager, SharedRoles.HostManagement(name, context.Region), nodes, cancellationToken))
                .ConfigureAwait(false);
        }
    }

    private async Task PlanAsync(
        RepairDraft draft, string name, string service, string target, List<string> nodes, CancellationToken cancellationToken)
    {
        string? document = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
        if (TrustPolicy.Trusts(document, service))
        {
            return;
        }

        if (TrustAddition.Add(document, service) is null)
        {
            draft.Warnings.Add(
                $"The trust policy of role {name} denies {service}, for {RepairDraft.Some(nodes)}: whether it may assume the role"
                + " is for the role's owner to decide.");
            return;
        }

        draft.Change(
            nodes, target, $"Trust {service} beside {TrustPolicy.Principals(document)}", token => TrustAsync(name, service, token));
    }

    // Read again: what somebody else wrote since then is kept.
    private async Task TrustAsync(string name, string service, CancellationToken cancellationToken)
    {
        string? document = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
        if (!TrustPolicy.Trusts(document, service) && TrustAddition.Add(document, service) is { } added)
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
