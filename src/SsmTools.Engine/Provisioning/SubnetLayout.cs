using System.Net;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>Which zones a network gets, and which range its subnet in each.</summary>
internal static class SubnetLayout
{
    /// <summary>The subnets that SsmTools made, and those that are missing, without ids.</summary>
    /// <exception cref="EngineException">ZoneNotFound, ZoneWithoutService, CidrTooSmall, NetworkConflict.</exception>
    public static IReadOnlyList<SubnetPart> Make(
        NetworkRequest request,
        NetworkSurvey there,
        IReadOnlyList<EndpointService> services,
        IReadOnlyList<string> zones,
        string region)
    {
        List<SubnetPart> parts =
        [
            .. there.Subnets
                .Where(subnet => NetworkReader.IsOurs(subnet.Tags))
                .OrderBy(subnet => subnet.SubnetId, StringComparer.Ordinal)
                .DistinctBy(subnet => subnet.AvailabilityZone)
                .Select(subnet => new SubnetPart
                {
                    Id = subnet.SubnetId,
                    Zone = subnet.AvailabilityZone!,
                    Cidr = subnet.CidrBlock!,
                }),
        ];
        string cidr = there.Vpc?.CidrBlock ?? request.Cidr ?? NetworkRequest.DefaultCidr;

        // Without a number the network keeps its own. A subnet that fills it says one; two of more may have been cut short.
        int wanted = request.ZoneCount
            ?? (parts.Exists(part => part.Cidr == cidr) ? 1 : Math.Max(NetworkRequest.DefaultZones, parts.Count));
        string[] missing = [.. Zones(request, wanted, parts, services, zones, region)];
        if (parts.Count == 0)
        {
            NetworkRules.CheckRoom(cidr, missing.Length);
        }

        string[] free = [.. Free(cidr, parts, there.Subnets, parts.Count + missing.Length).Take(missing.Length)];
        if (free.Length < missing.Length)
        {
            throw NetworkErrors.NoRoom(request.Name, there.Vpc?.VpcId ?? "new", cidr, missing[free.Length]);
        }

        parts.AddRange(missing.Zip(free, (zone, range) => new SubnetPart { Zone = zone, Cidr = range }));
        return [.. parts.OrderBy(part => part.Zone, StringComparer.Ordinal)];
    }

    /// <summary>The zones that still need a subnet.</summary>
    private static IEnumerable<string> Zones(
        NetworkRequest request,
        int wanted,
        List<SubnetPart> parts,
        IReadOnlyList<EndpointService> services,
        IReadOnlyList<string> zones,
        string region)
    {
        string[] taken = [.. parts.Select(part => part.Zone)];
        if (request.AvailabilityZones.Count > 0)
        {
            string[] named = [.. request.AvailabilityZones.Select(zone => zone.ToLowerInvariant()).Distinct()];
            foreach (string zone in named)
            {
                if (!zones.Contains(zone))
                {
                    throw NetworkErrors.NoZone(zone, region, zones);
                }

                if (Lacking(services, zone).FirstOrDefault() is { } service)
                {
                    throw NetworkErrors.ZoneWithoutService(zone, service.Name, service.Zones);
                }
            }

            return named.Except(taken);
        }

        string[] able = [.. zones.Where(zone => !Lacking(services, zone).Any())];
        string[] more = [.. able.Except(taken).Take(Math.Max(0, wanted - taken.Length))];
        return taken.Length + more.Length >= wanted
            ? more
            : throw NetworkErrors.TooFewZones(
                wanted,
                able,
                [.. zones.Except(able).Select(
                    zone => $"{zone} lacks {string.Join(", ", Lacking(services, zone).Select(service => service.Name))}")],
                region);
    }

    private static IEnumerable<EndpointService> Lacking(IReadOnlyList<EndpointService> services, string zone) =>
        services.Where(service => !service.IsGateway && service.Zones.Count > 0 && !service.Zones.Contains(zone));

    /// <summary>Pieces of the size that the network's subnets have, where no subnet lies.</summary>
    private static IEnumerable<string> Free(
        string cidr,
        List<SubnetPart> parts,
        IReadOnlyList<Subnet> all,
        int zones)
    {
        if (!NetworkCidr.TryRead(cidr, out IPNetwork range))
        {
            return [];
        }

        int prefix = parts.Count > 0 && NetworkCidr.TryRead(parts[0].Cidr, out IPNetwork piece)
            ? piece.PrefixLength
            : NetworkCidr.SubnetPrefix(range, zones);
        return NetworkCidr.Split(range, prefix)
            .Where(one => !all.Any(subnet => NetworkCidr.Overlap(subnet.CidrBlock!, one)));
    }
}
