using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>The nodes that a command is meant for.</summary>
internal static class CommandTargets
{
    /// <summary>The nodes in the order in which they were registered, or named.</summary>
    /// <exception cref="ServiceError">One that was named is no node, or of a platform that the document is not for.</exception>
    public static IReadOnlyList<NodeRecord> Find(SandboxWorld world, JsonObject request, DocumentRecord document)
    {
        IReadOnlyList<string> ids = request.Texts("InstanceIds");
        JsonObject[] targets = [.. request.Parts("Targets")];
        if (ids.Count > 0 == targets.Length > 0)
        {
            throw new ServiceError("ValidationException", "Either Targets or InstanceIds must be specified, and not both.");
        }

        return targets.Length > 0 ? [.. Matching(world, targets)] : Named(world, ids, document);
    }

    private static NodeRecord[] Named(SandboxWorld world, IReadOnlyList<string> ids, DocumentRecord document)
    {
        if (ids.Distinct(StringComparer.Ordinal).Count() < ids.Count)
        {
            throw new ServiceError("DuplicateInstanceId", "You can't specify a managed node ID in more than one target.");
        }

        string[] unknown = [.. ids.Where(id => world.FindNode(id) is null)];
        if (unknown.Length > 0)
        {
            throw new ServiceError(
                "InvalidInstanceId", $"Instances [[{string.Join(", ", unknown)}]] not in a valid state for account {world.AccountId}");
        }

        NodeRecord[] nodes = [.. ids.Select(id => world.FindNode(id)!)];
        return Array.TrueForAll(nodes, node => Fits(node, document))
            ? nodes
            : throw new ServiceError(
                "UnsupportedPlatformType", "The document doesn't support the platform type of the given managed node ID(s).");
    }

    /// <summary>Whether the document is for the node's platform.</summary>
    public static bool Fits(NodeRecord node, DocumentRecord document) =>
        node.PlatformType.Length == 0 || document.PlatformTypes.Contains(node.PlatformType, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<NodeRecord> Matching(SandboxWorld world, JsonObject[] targets) => world.Nodes
        .Where(node => Array.TrueForAll(targets, target => Matches(node, target.Text("Key") ?? "", target.Texts("Values"))))
        .OrderBy(node => node.Sequence);

    private static bool Matches(NodeRecord node, string key, IReadOnlyList<string> values) => key switch
    {
        "InstanceIds" or "instanceids" => values is ["*"] || values.Contains(node.NodeId),
        "tag-key" => values.Any(node.Tags.ContainsKey),
        _ when key.StartsWith("tag:", StringComparison.Ordinal) =>
            node.Tags.TryGetValue(key[4..], out string? value) && values.Contains(value),
        _ => throw new ServiceError("InvalidTarget", $"The target {key} isn't valid."),
    };
}
