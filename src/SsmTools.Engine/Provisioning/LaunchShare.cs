using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>A subnet's share of the instances that are wanted.</summary>
/// <param name="Subnet">The subnet.</param>
/// <param name="Wanted">How many it is to have.</param>
/// <param name="Missing">How many of them are still to be launched.</param>
internal sealed record LaunchShare(Subnet Subnet, int Wanted, int Missing)
{
    /// <summary>
    /// Spreads what is missing: each instance goes to the subnet that has fewest by then, the first of them where several
    /// do. Whatever part of an earlier, killed run is there, the shares come out as that run had them.
    /// </summary>
    public static List<LaunchShare> Spread(IReadOnlyList<Subnet> subnets, IReadOnlyList<Instance> existing, int count)
    {
        int[] has = [.. subnets.Select(subnet => existing.Count(one => one.SubnetId == subnet.SubnetId))];
        int[] wanted = [.. has];
        for (int left = count - existing.Count; left > 0; left--)
        {
            wanted[Array.IndexOf(wanted, wanted.Min())]++;
        }

        return [.. subnets.Select((subnet, at) => new LaunchShare(subnet, wanted[at], wanted[at] - has[at]))];
    }
}
