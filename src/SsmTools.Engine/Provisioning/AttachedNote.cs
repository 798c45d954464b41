using SsmTools.Engine.Aws.Iam;

namespace SsmTools.Engine.Provisioning;

/// <summary>
/// Which policies were attached to a role that was there before, kept in a tag so that a removal can take exactly those
/// away. Policies of another name than ours are never among them, whatever somebody wrote into the tag.
/// </summary>
internal sealed class AttachedNote
{
    private AttachedNote(IEnumerable<string> policies)
    {
        Policies = [.. policies
            .Where(name => name is ManagedPolicies.CoreName or ManagedPolicies.CloudWatchName or ManagedPolicies.HostManagementName)
            .Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The names of the policies.</summary>
    public IReadOnlyList<string> Policies { get; }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Policies.Count == 0;

    /// <summary>The tag's value: the names with spaces between them, since IAM takes no commas there.</summary>
    public string Text => string.Join(' ', Policies);

    /// <summary>Reads the tag.</summary>
    public static AttachedNote Of(IEnumerable<Tag> tags) =>
        new(IamReader.TagOf(tags, SsmToolsTag.AttachedPolicyKey)?.Split(' ') ?? []);

    /// <summary>The same with more policies.</summary>
    public AttachedNote With(IEnumerable<string> policies) => new([.. Policies, .. policies]);
}
