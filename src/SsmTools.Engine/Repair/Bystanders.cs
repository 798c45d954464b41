using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Who else lives with something that is shared: one call for each thing that is to be changed.</summary>
internal sealed class Bystanders(AwsContext context)
{
    private const int Shown = 50;

    /// <summary>The words that follow the name of a shared thing: <c> (also used by i-1, i-2)</c>, or nothing.</summary>
    /// <param name="filter">The filter of DescribeInstances that finds its users.</param>
    /// <param name="values">The filter's values.</param>
    /// <param name="mine">The nodes that it is changed for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<string> TellAsync(
        string filter,
        IReadOnlyList<string> values,
        IReadOnlyCollection<string> mine,
        CancellationToken cancellationToken)
    {
        if (values.Count == 0)
        {
            return string.Empty;
        }

        DescribeInstancesRequest request = new()
        {
            Filters =
            [
                new Filter { Name = filter, Values = [.. values.Take(InstanceReader.FilterValues)] },
                new Filter { Name = "instance-state-name", Values = ["pending", "running", "stopping", "stopped"] },
            ],
            MaxResults = Shown,
        };
        DescribeInstancesResponse? response = await ServiceCall.TryAsync(
            token => context.Ec2.DescribeInstancesAsync(request, token), values[0], ServiceCodes.Denied, cancellationToken)
            .ConfigureAwait(false);
        if (response is null)
        {
            return " (who else uses it is not known: ec2:DescribeInstances is denied)";
        }

        string[] others =
        [
            .. response.Reservations.SelectMany(reservation => reservation.Instances)
                .Select(instance => instance.InstanceId!).Where(id => !mine.Contains(id)),
        ];
        return others.Length == 0 && response.NextToken is null ? string.Empty
            : response.NextToken is not null ? $" (also used by {Shown} or more other instances)"
            : $" (also used by {RepairDraft.Some(others)})";
    }
}
