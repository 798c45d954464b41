using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Roles that something is wrong with, each with the nodes that suffer from it.</summary>
internal sealed class SharedRoles(AwsContext context)
{
    private readonly Dictionary<string, List<string>> _nodes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The nodes by the names of their roles.</summary>
    public IReadOnlyDictionary<string, List<string>> Nodes => _nodes;

    /// <summary>Notes a role.</summary>
    /// <returns>True.</returns>
    public bool Add(string role, NodeDiagnosis node)
    {
        _nodes.TryAdd(role, []);
        _nodes[role].Add(node.Node.InstanceId);
        return true;
    }

    /// <summary>The role of Default Host Management, for words.</summary>
    public static string HostManagement(string role, string region) =>
        $"role {role} (Default Host Management gives it to the instances of {region} that have no rights of their own)";

    /// <summary>The role, with the other instances that have it, for words.</summary>
    public async Task<string> TargetAsync(string role, CancellationToken cancellationToken)
    {
        List<InstanceProfile>? profiles = await ServiceCall.TryAsync(
            async token =>
            {
                List<InstanceProfile> found = [];
                ListInstanceProfilesForRoleRequest request = new() { RoleName = role };
                await foreach (InstanceProfile profile in
                    context.Iam.ListInstanceProfilesForRoleItemsAsync(request, token).ConfigureAwait(false))
                {
                    found.Add(profile);
                }

                return found;
            },
            role,
            ServiceCodes.Denied,
            cancellationToken).ConfigureAwait(false);
        string others = await new Bystanders(context)
            .TellAsync("iam-instance-profile.arn", [.. (profiles ?? []).Select(profile => profile.Arn!)], _nodes[role], cancellationToken)
            .ConfigureAwait(false);
        return $"role {role}{others}";
    }
}
