using System.Text.Json;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Iam;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Provisioning;
using IamTag = SsmTools.Engine.Aws.Iam.Tag;

namespace SsmTools.Engine.HybridNodes;

/// <summary>The role that hybrid nodes get: trusted by Systems Manager for this account alone, with the agent's policy.</summary>
internal sealed class HybridRole(AwsContext context, TimeProvider timeProvider)
{
    /// <summary>On a role that was made here: the regions that its nodes are in.</summary>
    public const string RegionKey = SsmToolsTag.Key + ":Region";

    private readonly IamReader _reader = new(context);
    private readonly IamWriter _writer = new(context, timeProvider);

    /// <summary>The name of the role that is made where none is named.</summary>
    public static string DefaultName(string region) => $"SsmHybridNodes-{region}";

    /// <summary>Who may assume the role: Systems Manager, on behalf of this account (the confused deputy is kept out).</summary>
    /// <remarks>Source: the Systems Manager user guide, "Create the IAM service role required for … hybrid environments".</remarks>
    public static string Trust(string partition, string account) =>
        $$$"""
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"{{{TrustPolicy.SystemsManager}}}"},"Action":"sts:AssumeRole",
        "Condition":{"StringEquals":{"aws:SourceAccount":"{{{account}}}"},"ArnLike":{"aws:SourceArn":"arn:{{{partition}}}:ssm:*:{{{account}}}:*"} } }]}
        """;

    /// <summary>The regions that a role of ours serves.</summary>
    public static List<string> Regions(Role role) =>
        [.. (IamReader.TagOf(role.Tags, RegionKey) ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Whether nodes have the role, or can still get it, apart from those that go.</summary>
    /// <param name="context">Credentials, region and endpoints.</param>
    /// <param name="names">The role's name, and the same with its path.</param>
    /// <param name="nodes">The nodes that go.</param>
    /// <param name="activations">The activations that go.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    public static async Task<bool> HasNodesAsync(
        AwsContext context,
        List<string> names,
        IReadOnlyList<InstanceInformation> nodes,
        IReadOnlyList<Activation> activations,
        CancellationToken cancellationToken) =>
        (await HybridReader.ListActivationsAsync(context, "IamRole", names, cancellationToken).ConfigureAwait(false))
            .Exists(one => one.Expired != true && !activations.Any(gone => gone.ActivationId == one.ActivationId))
        || !await HybridReader.AllGoAsync(context, ("IamRole", names), nodes, cancellationToken).ConfigureAwait(false);

    /// <summary>Compares the role with what nodes need.</summary>
    /// <returns>The role as CreateActivation takes it: with its path, where it has one.</returns>
    public async Task<string> PlanAsync(
        NodeActivationRequest request,
        string name,
        List<PlannedChange> changes,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        Role? role = await _reader.FindRoleAsync(name, cancellationToken).ConfigureAwait(false);
        if (role is null)
        {
            string account = await new SessionAccess(context).AccountAsync(cancellationToken).ConfigureAwait(false);
            changes.Add(Change(
                name,
                $"Create the role, trusted by {TrustPolicy.SystemsManager} for account {account}",
                token => CreateAsync(request, name, account, token)));
            changes.Add(Attach(name));
            return name;
        }

        if (!TrustPolicy.Trusts(role.AssumeRolePolicyDocument, TrustPolicy.SystemsManager))
        {
            throw HybridErrors.TrustMismatch(name, TrustPolicy.Principals(role.AssumeRolePolicyDocument));
        }

        bool isOurs = IamReader.TagOf(role.Tags, SsmToolsTag.Key) is not null;
        if (!IsBound(role.AssumeRolePolicyDocument))
        {
            warnings.Add(
                $"Role {name} trusts {TrustPolicy.SystemsManager} without a condition on aws:SourceAccount or aws:SourceArn,"
                + " so that another account's Systems Manager could use it too.");
        }

        await AddPolicyAsync(name, role, isOurs, changes, cancellationToken).ConfigureAwait(false);
        if (isOurs && Regions(role) is { Count: > 0 } regions && !regions.Contains(context.Region))
        {
            changes.Add(Tag(name, RegionKey, string.Join(' ', [.. regions, context.Region]), $"Note in a tag that it serves {context.Region} too"));
        }

        return ((role.Path ?? "/") + name).TrimStart('/');
    }

    /// <summary>Works out what to take away of a role that no node uses any more, in this region.</summary>
    public async Task PlanRemovalAsync(
        string name, List<PlannedChange> changes, List<string> warnings, CancellationToken cancellationToken)
    {
        if (await _reader.FindRoleAsync(name, cancellationToken).ConfigureAwait(false) is not { } role)
        {
            return;
        }

        if (IamReader.TagOf(role.Tags, RegionKey) is null)
        {
            // Somebody else's, or an instance role: only what was added for nodes goes, and only where no profile uses it.
            if (!AttachedNote.Of(role.Tags).IsEmpty
                && (await _reader.ListProfilesOfAsync(name, cancellationToken).ConfigureAwait(false)).Count == 0)
            {
                changes.AddRange(AttachedNote.Of(role.Tags).Policies.Select(policy => Detach(name, policy, ManagedPolicies.Arn(context.Partition, policy))));
                changes.Add(Change(
                    name,
                    $"Take off tag {SsmToolsTag.AttachedPolicyKey}",
                    token => _writer.UntagRoleAsync(name, SsmToolsTag.AttachedPolicyKey, token)));
            }

            return;
        }

        string[] others = [.. Regions(role).Where(region => region != context.Region)];
        if (others.Length > 0)
        {
            warnings.Add($"Role {name} is kept: it serves nodes in {string.Join(", ", others)}.");
            changes.Add(Tag(name, RegionKey, string.Join(' ', others), $"Note in a tag that it no longer serves {context.Region}"));
            return;
        }

        if ((await _reader.ListProfilesOfAsync(name, cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            warnings.Add($"Role {name} is kept: it is in an instance profile.");
            return;
        }

        changes.AddRange((await _reader.ListPoliciesAsync(name, cancellationToken).ConfigureAwait(false))
            .Select(policy => Detach(name, policy.PolicyName!, policy.PolicyArn!)));
        changes.AddRange((await _reader.ListInlinePoliciesAsync(name, cancellationToken).ConfigureAwait(false))
            .Select(policy => Change(name, $"Delete inline policy {policy}", token => _writer.DeleteInlineAsync(name, policy, token))));
        changes.Add(Change(name, "Delete the role", token => _writer.DeleteRoleAsync(name, token)));
    }

    private static bool IsBound(string? document) => PolicyJson.Statements(document).Any(statement =>
        statement.TryGetProperty("Condition", out JsonElement condition)
        && (condition.GetRawText().Contains("aws:SourceAccount", StringComparison.OrdinalIgnoreCase)
            || condition.GetRawText().Contains("aws:SourceArn", StringComparison.OrdinalIgnoreCase)));

    private static PlannedChange Change(string name, string action, Func<CancellationToken, Task> apply) =>
        new($"role {name}", action, apply);

    private PlannedChange Attach(string name) => Change(
        name,
        $"Attach policy {ManagedPolicies.CoreName}",
        token => _writer.AttachAsync(name, ManagedPolicies.CoreArn(context.Partition), token));

    private PlannedChange Detach(string name, string policy, string arn) =>
        Change(name, $"Detach policy {policy}", token => _writer.DetachAsync(name, arn, token));

    private PlannedChange Tag(string name, string key, string value, string action) =>
        Change(name, action, token => _writer.TagRoleAsync(name, [new(key, value)], token));

    private async Task AddPolicyAsync(
        string name, Role role, bool isOurs, List<PlannedChange> changes, CancellationToken cancellationToken)
    {
        List<AttachedPolicy> policies = await _reader.ListPoliciesAsync(name, cancellationToken).ConfigureAwait(false);
        if (policies.Exists(policy => policy.PolicyArn == ManagedPolicies.CoreArn(context.Partition)))
        {
            return;
        }

        if (!isOurs)
        {
            // The note comes first: a run that is killed between the two still knows when it is time to undo.
            string note = AttachedNote.Of(role.Tags).With([ManagedPolicies.CoreName]).Text;
            changes.Add(Tag(name, SsmToolsTag.AttachedPolicyKey, note, $"Note in a tag that {ManagedPolicies.CoreName} was not there before"));
        }

        changes.Add(Attach(name));
    }

    private Task<CreateRoleResponse?> CreateAsync(NodeActivationRequest request, string name, string account, CancellationToken cancellationToken)
    {
        CreateRoleRequest create = new()
        {
            RoleName = name,
            AssumeRolePolicyDocument = Trust(context.Partition, account),
            Description = "Lets machines outside EC2 be managed by AWS Systems Manager.",
            Tags =
            [
                new IamTag { Key = SsmToolsTag.Key, Value = name },
                new IamTag { Key = RegionKey, Value = context.Region },
                .. request.Tags.Select(tag => new IamTag { Key = tag.Key, Value = tag.Value }),
            ],
        };
        return ServiceCall.TryAsync(
            token => context.Iam.CreateRoleAsync(create, token), name, ServiceCodes.EntityAlreadyExists, cancellationToken);
    }
}
