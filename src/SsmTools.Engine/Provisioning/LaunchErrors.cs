using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>Launches that EC2 refused for want of something, with what would help: another zone, subnet or quota.</summary>
internal sealed class LaunchErrors(AwsContext context)
{
    private const int MostOffered = 3;

    private static readonly string[] s_capacity = ["InsufficientInstanceCapacity", "InsufficientCapacity"];
    private static readonly string[] s_quota = ["InstanceLimitExceeded", "VcpuLimitExceeded"];
    private static readonly string[] s_unsupported = ["Unsupported"];

    /// <summary>Whether there is more to say than the service did.</summary>
    public static bool CanExplain(EngineException exception) =>
        AwsErrors.HasCode(exception, [.. s_capacity, .. s_quota, .. s_unsupported]);

    /// <summary>Says it. Where the caller may not look at what would help, the advice is general.</summary>
    public async Task<EngineException> ExplainAsync(
        EngineException exception,
        LaunchRequest request,
        Subnet subnet,
        CancellationToken cancellationToken)
    {
        string type = request.InstanceType;
        string zone = subnet.AvailabilityZone ?? "its zone";
        if (AwsErrors.HasCode(exception, s_quota))
        {
            return new EngineException(
                "QuotaExceeded",
                ErrorKind.LimitsExceeded,
                $"No {type} was launched in {subnet.SubnetId}: the account's quota of running instances in"
                    + $" {context.Region} is used up ({Reason(exception)}).",
                $"{Quota(type)}, choose a smaller type, or remove instances: Get-SsmInstance, Remove-SsmInstance.",
                subnet.SubnetId,
                exception);
        }

        List<string>? zones = await ZonesAsync(type, cancellationToken).ConfigureAwait(false);
        bool isUnsupported = AwsErrors.HasCode(exception, s_unsupported);
        if (isUnsupported && zones?.Contains(zone) == true)
        {
            // Another combination is unsupported than that of type and zone.
            return exception;
        }

        zones?.Remove(zone);
        string help = zones is null ? "Try a subnet in another zone, or another instance type."
            : zones.Count == 0 ? $"No other zone of {context.Region} has {type}: choose another instance type."
            : await OfferAsync(zones, subnet, cancellationToken).ConfigureAwait(false);
        return isUnsupported
            ? new EngineException(
                "InstanceTypeNotInZone",
                ErrorKind.InvalidArgument,
                $"{zone}, where {subnet.SubnetId} is, has no {type}.",
                help,
                subnet.SubnetId,
                exception)
            : new EngineException(
                "InsufficientCapacity",
                ErrorKind.ResourceUnavailable,
                $"AWS has no {type} left in {zone}, where {subnet.SubnetId} is, at the moment.",
                $"Try again later. {help}",
                subnet.SubnetId,
                exception);
    }

    private async Task<List<string>?> ZonesAsync(string type, CancellationToken cancellationToken)
    {
        DescribeInstanceTypeOfferingsRequest request = new()
        {
            LocationType = "availability-zone",
            Filters = [new Filter { Name = "instance-type", Values = [type] }],
        };
        DescribeInstanceTypeOfferingsResponse? response = await TryAsync(
            token => context.Ec2.DescribeInstanceTypeOfferingsAsync(request, token), cancellationToken).ConfigureAwait(false);
        return response is null
            ? null
            : [.. response.InstanceTypeOfferings.Select(one => one.Location!).Order(StringComparer.Ordinal)];
    }

    private async Task<string> OfferAsync(List<string> zones, Subnet subnet, CancellationToken cancellationToken)
    {
        DescribeSubnetsRequest request = new()
        {
            Filters =
            [
                new Filter { Name = "vpc-id", Values = [subnet.VpcId!] },
                new Filter { Name = "availability-zone", Values = zones },
            ],
        };
        DescribeSubnetsResponse? response = await TryAsync(
            token => context.Ec2.DescribeSubnetsAsync(request, token), cancellationToken).ConfigureAwait(false);
        string[] subnets =
        [
            .. (response?.Subnets ?? []).OrderBy(one => one.AvailabilityZone, StringComparer.Ordinal)
                .Select(one => $"{one.SubnetId} ({one.AvailabilityZone})").Take(MostOffered),
        ];
        return subnets.Length > 0
            ? $"Use a subnet of {subnet.VpcId} in a zone that has it, such as {string.Join(", ", subnets)}."
            : $"Use a subnet in one of the zones that have it: {string.Join(", ", zones)}.";
    }

    // What only makes the advice better must not fail in the place of what it is about.
    private static async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ServiceCall.RunAsync(call, null, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException)
        {
            return null;
        }
    }

    // https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
    private static string Quota(string type) => "acdhimrtz".Contains(type[0], StringComparison.Ordinal)
        && !type.StartsWith("inf", StringComparison.Ordinal) && !type.StartsWith("trn", StringComparison.Ordinal)
        && !type.StartsWith("hpc", StringComparison.Ordinal) && !type.StartsWith("dl", StringComparison.Ordinal)
        && !type.StartsWith("mac", StringComparison.Ordinal)
            ? "Ask in Service Quotas for more of \"Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances\" (L-1216C47A)"
            : "Ask in Service Quotas for more of the On-Demand quota of this instance family";

    private static string Reason(EngineException exception) =>
        (exception.InnerException?.Message ?? exception.Message).Trim().TrimEnd('.');
}
