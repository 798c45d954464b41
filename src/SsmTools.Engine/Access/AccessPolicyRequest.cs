namespace SsmTools.Engine.Access;

/// <summary>What an operator is to be allowed: sessions on some nodes with some documents, and little else.</summary>
public sealed record AccessPolicyRequest
{
    /// <summary>The name of the managed policy; null where only the document is wanted.</summary>
    public string? Name { get; init; }

    /// <summary>The path of the managed policy, for example <c>/ops/</c>; null for the root.</summary>
    public string? Path { get; init; }

    /// <summary>Tags that a node must have, all of them, each with one of the values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> NodeTags { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The nodes by id, <c>i-…</c> or <c>mi-…</c>; empty for any, as far as the tags say.</summary>
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <summary>Whether all nodes are meant where neither tags nor ids are given; by itself nothing means all.</summary>
    public bool AllNodes { get; init; }

    /// <summary>The session documents, by name or ARN; empty for the account's preferences, which give a shell.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>Whether ports of the nodes may be forwarded.</summary>
    public bool PortForwarding { get; init; }

    /// <summary>Whether ports of other hosts may be forwarded through the nodes.</summary>
    public bool RemoteHosts { get; init; }

    /// <summary>Whether SSH may be carried.</summary>
    public bool Ssh { get; init; }

    /// <summary>Whether shell scripts may be run by Run Command.</summary>
    public bool RunCommand { get; init; }

    /// <summary>The key that sessions are encrypted with, by id, alias or ARN; null for none.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The users whom the policy is attached to.</summary>
    public IReadOnlyList<string> UserNames { get; init; } = [];

    /// <summary>The roles that the policy is attached to.</summary>
    public IReadOnlyList<string> RoleNames { get; init; } = [];

    /// <summary>The groups that the policy is attached to.</summary>
    public IReadOnlyList<string> GroupNames { get; init; } = [];
}
