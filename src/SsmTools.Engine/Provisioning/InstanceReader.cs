using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Provisioning;

/// <summary>Reads instances from EC2.</summary>
internal static class InstanceReader
{
    /// <summary>EC2 takes 200 values in a filter.</summary>
    public const int FilterValues = 200;

    /// <summary>The instances of all reservations, page by page. Failures leave as the client throws them.</summary>
    public static async IAsyncEnumerable<Instance> StreamAsync(
        AwsContext context,
        DescribeInstancesRequest request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Reservation reservation in
            context.Ec2.DescribeInstancesItemsAsync(request, cancellationToken).ConfigureAwait(false))
        {
            foreach (Instance instance in reservation.Instances)
            {
                yield return instance;
            }
        }
    }

    /// <summary>The ids alone. Failures leave as the client throws them.</summary>
    public static async Task<List<string>> ListIdsAsync(
        AwsContext context,
        DescribeInstancesRequest request,
        CancellationToken cancellationToken)
    {
        List<string> ids = [];
        await foreach (Instance instance in StreamAsync(context, request, cancellationToken).ConfigureAwait(false))
        {
            ids.Add(instance.InstanceId!);
        }

        return ids;
    }

    /// <summary>Those of the instances that EC2 knows; unlike a list of ids, a filter takes unknown ones.</summary>
    public static async Task<Dictionary<string, Instance>> FindAsync(
        AwsContext context,
        IEnumerable<string> ids,
        CancellationToken cancellationToken)
    {
        Dictionary<string, Instance> found = [];
        foreach (string[] batch in ids.Chunk(FilterValues))
        {
            DescribeInstancesRequest request = new()
            {
                Filters = [new Filter { Name = "instance-id", Values = [.. batch] }],
            };
            List<Instance> instances = await ServiceCall.ListAsync(
                token => StreamAsync(context, request, token), batch[0], cancellationToken).ConfigureAwait(false);
            foreach (Instance instance in instances)
            {
                found[instance.InstanceId!] = instance;
            }
        }

        return found;
    }

    /// <summary>What users see of an instance.</summary>
    public static InstanceDescription Describe(Instance instance)
    {
        Dictionary<string, string> tags = [];
        foreach (Tag tag in instance.Tags)
        {
            tags[tag.Key ?? string.Empty] = tag.Value ?? string.Empty;
        }

        return new InstanceDescription
        {
            InstanceId = instance.InstanceId!,
            Name = tags.GetValueOrDefault("Name"),
            State = instance.State?.Name ?? string.Empty,
            InstanceType = instance.InstanceType,
            Architecture = instance.Architecture,
            ImageId = instance.ImageId,
            SubnetId = instance.SubnetId,
            VpcId = instance.VpcId,
            AvailabilityZone = instance.Placement?.AvailabilityZone,
            PrivateIpAddress = instance.PrivateIpAddress,
            PublicIpAddress = instance.PublicIpAddress,
            PlatformType = PlatformOf(instance),
            InstanceProfileArn = instance.IamInstanceProfile?.Arn,
            LaunchTime = instance.LaunchTime,
            Tags = tags,
        };
    }

    /// <summary>Windows, MacOS or Linux: EC2 says windows or nothing, and Macs have types of their own.</summary>
    public static string PlatformOf(Instance instance) =>
        string.Equals(instance.Platform, "windows", StringComparison.OrdinalIgnoreCase) ? "Windows"
        : instance.InstanceType?.StartsWith("mac", StringComparison.Ordinal) == true ? "MacOS"
        : "Linux";

    /// <summary>The value of a tag; null where it is not there.</summary>
    public static string? TagOf(Instance instance, string key) =>
        instance.Tags.Find(tag => tag.Key == key)?.Value;

    /// <summary>For messages: <c>i-0123 (web)</c>.</summary>
    public static string Label(Instance instance) =>
        TagOf(instance, "Name") is { Length: > 0 } name ? $"{instance.InstanceId} ({name})" : instance.InstanceId!;

    /// <summary>Whether it is gone or on its way.</summary>
    public static bool IsGone(Instance instance) =>
        instance.State?.Name is InstanceStateName.Terminated or InstanceStateName.ShuttingDown;
}
