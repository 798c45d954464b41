using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>
/// Network ACLs between instances and the VPC's endpoints get rules for that traffic alone: port 443 one way, the answers
/// the other, before the rule that denies them. What would have to be opened to the internet is left to a person.
/// </summary>
internal sealed class NetworkAclPart(AwsContext context) : RepairPart
{
    private const string Tcp = "6";
    private const int Attempts = 5;

    private readonly Dictionary<AclGap, HashSet<string>> _gaps = [];

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        if (finding.Cause is not FindingCause.NetworkAclCloses { Gaps: { } gaps } || gaps.Any(gap => gap.IsOpenEnded))
        {
            return false;
        }

        foreach (AclGap gap in gaps)
        {
            _gaps.TryAdd(gap, []);
            _gaps[gap].Add(node.Node.InstanceId);
        }

        return true;
    }

    /// <inheritdoc/>
    public override async Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, AclGap> acl in _gaps.Keys.GroupBy(gap => gap.AclId))
        {
            await draft.AttemptAsync(() => PlanAsync(draft, acl.Key, [.. acl], cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task PlanAsync(RepairDraft draft, string aclId, List<AclGap> gaps, CancellationToken cancellationToken)
    {
        if (await FindAsync(aclId, cancellationToken).ConfigureAwait(false) is not { } acl)
        {
            return;
        }

        string others = await new Bystanders(context).TellAsync(
            "subnet-id",
            [.. acl.Associations.Select(tie => tie.SubnetId).OfType<string>()],
            [.. gaps.SelectMany(gap => _gaps[gap]).Distinct()],
            cancellationToken).ConfigureAwait(false);
        foreach (AclGap gap in gaps.OrderByDescending(gap => gap.Egress).Where(gap => !AclRules.Allows(acl, gap)))
        {
            if (AclRules.FreeNumber(acl, gap) is not { } number)
            {
                draft.Warnings.Add(
                    $"The network ACL {aclId} does not let {gap} through, for {RepairDraft.Some(_gaps[gap])}, and no rule number is free"
                    + " before the one that denies it: number its rules anew.");
                continue;
            }

            // The plan's next rule must see this one.
            acl.Entries.Add(Entry(gap, number));
            draft.Change(
                _gaps[gap], $"network ACL {aclId}{others}", $"Allow {gap} as rule {number}", token => AllowAsync(gap, number, token));
        }
    }

    // Somebody else may have taken the number since then; or this very call did, and its answer was lost.
    private async Task AllowAsync(AclGap gap, int planned, CancellationToken cancellationToken)
    {
        int? number = planned;
        for (int attempt = 0; attempt < Attempts && number is { } free; attempt++)
        {
            if (await TryCreateAsync(gap, free, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            NetworkAcl? acl = await FindAsync(gap.AclId, cancellationToken).ConfigureAwait(false);
            if (acl is null || AclRules.Allows(acl, gap))
            {
                return;
            }

            number = AclRules.FreeNumber(acl, gap);
        }

        throw new EngineException(
            "NetworkAclChanging",
            ErrorKind.ResourceBusy,
            $"No rule number of the network ACL {gap.AclId} stayed free for {gap}.",
            "Try again once nobody else changes its rules",
            gap.AclId);
    }

    private async Task<bool> TryCreateAsync(AclGap gap, int number, CancellationToken cancellationToken)
    {
        CreateNetworkAclEntryRequest request = new()
        {
            NetworkAclId = gap.AclId,
            RuleNumber = number,
            Egress = gap.Egress,
            Protocol = Tcp,
            RuleAction = RuleAction.Allow,
            CidrBlock = gap.Peer,
            PortRange = new PortRange { From = gap.FromPort, To = gap.ToPort },
        };
        return await ServiceCall.TryAsync(
            token => context.Ec2.CreateNetworkAclEntryAsync(request, token),
            gap.AclId,
            ["NetworkAclEntryAlreadyExists"],
            cancellationToken).ConfigureAwait(false) is not null;
    }

    private async Task<NetworkAcl?> FindAsync(string aclId, CancellationToken cancellationToken)
    {
        DescribeNetworkAclsRequest request = new() { Filters = [new Filter { Name = "network-acl-id", Values = [aclId] }] };
        return (await ServiceCall.ListAsync(
            token => context.Ec2.DescribeNetworkAclsItemsAsync(request, token), aclId, cancellationToken).ConfigureAwait(false))
            .FirstOrDefault();
    }

    private static NetworkAclEntry Entry(AclGap gap, int number) => new()
    {
        RuleNumber = number,
        Egress = gap.Egress,
        Protocol = Tcp,
        RuleAction = RuleAction.Allow,
        CidrBlock = gap.Peer,
        PortRange = new PortRange { From = gap.FromPort, To = gap.ToPort },
    };
}
