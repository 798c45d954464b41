using System.Globalization;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Registration;
using Instance = SsmTools.Engine.Aws.Ec2.Instance;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// An agent that started without rights sleeps for up to half an hour before it tries again, whatever the instance is given
/// meanwhile (packer-plugin-amazon, pull request 503).
/// </summary>
internal sealed class BackOffWarning(AwsContext context, TimeProvider timeProvider)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(30);

    /// <summary>Says which of the instances will be waited for, until when, and how to make it shorter; null for none.</summary>
    public async Task<string?> FindAsync(List<Instance> changing, CancellationToken cancellationToken)
    {
        List<Instance> running = changing.FindAll(instance => instance.State?.Name == InstanceStateName.Running);
        HashSet<string> registered = await ListRegisteredAsync(running, cancellationToken).ConfigureAwait(false);
        List<Instance> sleeping = running.FindAll(instance => !registered.Contains(instance.InstanceId!));
        if (sleeping.Count == 0)
        {
            return null;
        }

        string until = (timeProvider.GetLocalNow() + s_longest).ToString("HH:mm", CultureInfo.InvariantCulture);
        string who = RoleErrors.Some([.. sleeping.Select(InstanceReader.Label)]);
        string agents = sleeping.Count == 1 ? "Its agent" : "Their agents";
        return $"{who}: running and not registered. {agents} may sleep after a start without rights, and look again by {until}"
            + $" at the latest (30 minutes). A reboot ends that: Restart-EC2Instance {sleeping[0].InstanceId}, or"
            + $" Test-SsmRegistration {sleeping[0].InstanceId} | Repair-SsmRegistration -Reboot";
    }

    private async Task<HashSet<string>> ListRegisteredAsync(List<Instance> running, CancellationToken cancellationToken)
    {
        HashSet<string> registered = [];
        foreach (Instance[] page in running.Chunk(NodeReader.PageSize))
        {
            DescribeInstanceInformationRequest request = new()
            {
                Filters =
                [
                    new InstanceInformationStringFilter
                    {
                        Key = "InstanceIds",
                        Values = [.. page.Select(instance => instance.InstanceId!)],
                    },
                ],
                MaxResults = NodeReader.PageSize,
            };
            DescribeInstanceInformationResponse? response = await ServiceCall.TryAsync(
                token => context.Ssm.DescribeInstanceInformationAsync(request, token),
                page[0].InstanceId,
                ServiceCodes.Denied,
                cancellationToken).ConfigureAwait(false);
            registered.UnionWith((response?.InstanceInformationList ?? [])
                .Where(node => node.PingStatus == PingStatus.Online)
                .Select(node => node.InstanceId!));
        }

        return registered;
    }
}
