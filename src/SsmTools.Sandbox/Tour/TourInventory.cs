using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Sandbox.Tour;

/// <summary>Counts what the tour may have left in the account.</summary>
internal sealed class TourInventory(AwsContext context)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Looks until nothing is left; an instance takes a moment to be gone.</summary>
    /// <exception cref="TourException">Something stays.</exception>
    public async Task<string> RequireNothingLeftAsync(string name, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            List<string> left = await ListAsync(name, cancellationToken).ConfigureAwait(false);
            if (left.Count == 0)
            {
                return "no role, profile, instance, volume or session is left";
            }

            if (TimeProvider.System.GetElapsedTime(start) > s_patience)
            {
                throw new TourException($"Left behind: {string.Join(", ", left)}.");
            }

            await Task.Delay(100, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<List<string>> ListAsync(string name, CancellationToken cancellationToken)
    {
        List<string> left = [];
        IamReader iam = new(context);
        if (await iam.FindRoleAsync(name, cancellationToken).ConfigureAwait(false) is not null)
        {
            left.Add($"role {name}");
        }

        if (await iam.FindProfileAsync(name, cancellationToken).ConfigureAwait(false) is not null)
        {
            left.Add($"instance profile {name}");
        }

        List<Instance> instances = await ServiceCall.ListAsync(
            token => InstanceReader.StreamAsync(context, new DescribeInstancesRequest(), token), null, cancellationToken)
            .ConfigureAwait(false);
        left.AddRange(instances
            .Where(instance => instance.State?.Name != InstanceStateName.Terminated)
            .Select(InstanceReader.Label));

        List<Volume> volumes = await ServiceCall.ListAsync(
            token => context.Ec2.DescribeVolumesItemsAsync(new DescribeVolumesRequest(), token), null, cancellationToken)
            .ConfigureAwait(false);
        left.AddRange(volumes.Select(volume => volume.VolumeId!));

        List<Session> sessions = await ServiceCall.ListAsync(
            token => context.Ssm.DescribeSessionsItemsAsync(new DescribeSessionsRequest { State = "Active" }, token),
            null,
            cancellationToken).ConfigureAwait(false);
        left.AddRange(sessions.Select(session => $"session {session.SessionId}"));
        return left;
    }
}
