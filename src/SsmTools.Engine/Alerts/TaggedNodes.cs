using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Alerts;

/// <summary>The nodes that have tags now: instances that are not gone, and machines outside EC2.</summary>
internal sealed class TaggedNodes(AwsContext context)
{
    private static readonly string[] s_alive = ["pending", "running", "stopping", "stopped"];

    /// <summary>The ids.</summary>
    public async Task<List<string>> FindAsync(
        IReadOnlyDictionary<string, IReadOnlyList<string>> tags, CancellationToken cancellationToken)
    {
        DescribeInstancesRequest request = new()
        {
            Filters =
            [
                new Filter { Name = "instance-state-name", Values = [.. s_alive] },
                .. tags.Select(tag => new Filter { Name = $"tag:{tag.Key}", Values = [.. tag.Value] }),
            ],
        };
        List<string> ids = await ServiceCall.RunAsync(
            token => InstanceReader.ListIdsAsync(context, request, token), null, cancellationToken).ConfigureAwait(false);
        List<InstanceInformation> machines = await ServiceCall.ListAsync(
            token => context.Ssm.DescribeInstanceInformationItemsAsync(
                new DescribeInstanceInformationRequest
                {
                    Filters =
                    [
                        new InstanceInformationStringFilter { Key = "ResourceType", Values = ["ManagedInstance"] },
                        .. tags.Select(tag => new InstanceInformationStringFilter { Key = $"tag:{tag.Key}", Values = [.. tag.Value] }),
                    ],
                    MaxResults = 50,
                },
                token),
            null,
            cancellationToken).ConfigureAwait(false);
        ids.AddRange(machines.Select(machine => machine.InstanceId!));
        return ids;
    }
}
