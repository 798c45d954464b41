using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>Which of several VPCs of one name is the network, and which are what interrupted runs left.</summary>
/// <param name="Kept">The one with most subnets, of equals the one with the least id; null where there is none.</param>
/// <param name="Empty">The others without a subnet.</param>
/// <param name="Others">The others that have some.</param>
internal sealed record VpcChoice(Vpc? Kept, IReadOnlyList<Vpc> Empty, IReadOnlyList<Vpc> Others)
{
    /// <summary>Chooses; asks for subnets only where there is a choice.</summary>
    public static async Task<VpcChoice> MakeAsync(NetworkReader reader, Vpc[] vpcs, CancellationToken cancellationToken)
    {
        if (vpcs.Length < 2)
        {
            return new VpcChoice(vpcs.FirstOrDefault(), [], []);
        }

        List<Subnet> subnets = await reader.ListSubnetsAsync("vpc-id", vpcs.Select(vpc => vpc.VpcId!), cancellationToken)
            .ConfigureAwait(false);
        Dictionary<string, int> counts = subnets.GroupBy(subnet => subnet.VpcId!).ToDictionary(one => one.Key, one => one.Count());
        Vpc[] ordered =
        [
            .. vpcs.OrderByDescending(vpc => counts.GetValueOrDefault(vpc.VpcId!))
                .ThenBy(vpc => vpc.VpcId, StringComparer.Ordinal),
        ];
        return new VpcChoice(
            ordered[0],
            [.. ordered.Skip(1).Where(vpc => !counts.ContainsKey(vpc.VpcId!))],
            [.. ordered.Skip(1).Where(vpc => counts.ContainsKey(vpc.VpcId!))]);
    }
}
