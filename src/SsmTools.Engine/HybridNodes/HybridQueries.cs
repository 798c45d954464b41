using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Choosing;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.HybridNodes;

/// <summary>What parameters about hybrid nodes can name and only the account knows.</summary>
public static class HybridQueries
{
    /// <summary>Hybrid nodes by id, with their names.</summary>
    public static AccountQuery Nodes { get; } = new("hybrid nodes", async (context, stop) =>
        [
            .. (await HybridReader.ListNodesAsync(context, stop, ("ResourceType", ["ManagedInstance"])).ConfigureAwait(false))
                .Select(node => new Choice(node.InstanceId!, Label(node.InstanceId!, node.Name), $"{node.Name}, {node.PingStatus}")),
        ]);

    /// <summary>Activations by id, with the names of their nodes.</summary>
    public static AccountQuery Activations { get; } = new("activations", async (context, stop) =>
        [
            .. (await ServiceCall.ListAsync(
                token => context.Ssm.DescribeActivationsItemsAsync(new DescribeActivationsRequest(), token), null, stop).ConfigureAwait(false))
                .Select(one => new Choice(
                    one.ActivationId!,
                    Label(one.ActivationId!, one.DefaultInstanceName),
                    $"{one.DefaultInstanceName}, {one.RegistrationsCount} of {one.RegistrationLimit} used")),
        ]);

    private static string Label(string id, string? name) => string.IsNullOrEmpty(name) ? id : name;
}
