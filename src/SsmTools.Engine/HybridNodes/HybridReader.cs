using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.HybridNodes;

/// <summary>What is asked of Systems Manager about hybrid nodes and their activations.</summary>
internal static class HybridReader
{
    /// <summary>What DescribeInstanceInformation takes and gives at a time.</summary>
    public const int PageSize = 50;

    private static readonly string[] s_noActivation = ["InvalidActivationId", "InvalidActivation"];
    private static readonly string[] s_noNode = ["InvalidInstanceId"];

    /// <summary>Whether an activation was made here.</summary>
    public static bool IsOurs(Activation activation) => activation.Tags.Exists(tag => tag.Key == SsmToolsTag.Key);

    /// <summary>The activations with one of the values.</summary>
    public static Task<List<Activation>> ListActivationsAsync(
        AwsContext context, string key, List<string> values, CancellationToken cancellationToken) => ServiceCall.ListAsync(
            token => context.Ssm.DescribeActivationsItemsAsync(
                new DescribeActivationsRequest
                {
                    Filters = [new DescribeActivationsFilter { FilterKey = key, FilterValues = values }],
                    MaxResults = PageSize,
                },
                token),
            values[0],
            cancellationToken);

    /// <summary>The nodes that fit every filter.</summary>
    public static Task<List<InstanceInformation>> ListNodesAsync(
        AwsContext context, CancellationToken cancellationToken, params (string Key, IReadOnlyList<string> Values)[] filters) =>
        ServiceCall.ListAsync(
            token => context.Ssm.DescribeInstanceInformationItemsAsync(
                new DescribeInstanceInformationRequest
                {
                    Filters = [.. filters.Select(filter => new InstanceInformationStringFilter { Key = filter.Key, Values = [.. filter.Values] })],
                    MaxResults = PageSize,
                },
                token),
            null,
            cancellationToken);

    /// <summary>Whether every node that fits the filter is among those that go.</summary>
    public static async Task<bool> AllGoAsync(
        AwsContext context,
        (string Key, IReadOnlyList<string> Values) filter,
        IReadOnlyList<InstanceInformation> going,
        CancellationToken cancellationToken) =>
        (await ListNodesAsync(context, cancellationToken, filter).ConfigureAwait(false))
            .TrueForAll(node => going.Any(gone => gone.InstanceId == node.InstanceId));

    /// <summary>Takes a node off the list; one that is gone is done.</summary>
    public static Task DeregisterAsync(AwsContext context, string id, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => context.Ssm.DeregisterManagedInstanceAsync(new DeregisterManagedInstanceRequest { InstanceId = id }, token),
        id,
        s_noNode,
        cancellationToken);

    /// <summary>Deletes an activation; one that is gone is done.</summary>
    public static Task DeleteActivationAsync(AwsContext context, string id, CancellationToken cancellationToken) => ServiceCall.TryAsync(
        token => context.Ssm.DeleteActivationAsync(new DeleteActivationRequest { ActivationId = id }, token),
        id,
        s_noActivation,
        cancellationToken);
}
