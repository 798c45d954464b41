using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Associations;

/// <summary>The nodes that an association is for. Unlike a command's they may come later.</summary>
internal static class AssociationTargets
{
    /// <summary>The nodes that fit now.</summary>
    public static IReadOnlyList<NodeRecord> Find(SandboxWorld world, JsonObject request)
    {
        string? single = request.Text("InstanceId");
        JsonObject[] targets = [.. request.Parts("Targets")];
        return
        [
            .. world.Nodes
                .Where(node => single is not null
                    ? node.NodeId == single
                    : Array.TrueForAll(targets, target => Matches(node, target.Text("Key") ?? "", target.Texts("Values"))))
                .OrderBy(node => node.Sequence),
        ];
    }

    /// <summary>Checks what a request says about them.</summary>
    /// <exception cref="ServiceError">ValidationException, InvalidTarget.</exception>
    public static void Check(JsonObject request)
    {
        JsonObject[] targets = [.. request.Parts("Targets")];
        if (request.Text("InstanceId") is null == (targets.Length == 0))
        {
            throw new ServiceError("ValidationException", "Either InstanceId or Targets must be specified, and not both.");
        }

        foreach (string key in targets.Select(target => target.Text("Key") ?? ""))
        {
            if (key is not ("InstanceIds" or "tag-key") && !key.StartsWith("tag:", StringComparison.Ordinal))
            {
                throw new ServiceError("InvalidTarget", $"The target {key} isn't valid.");
            }
        }
    }

    private static bool Matches(NodeRecord node, string key, IReadOnlyList<string> values) => key switch
    {
        "InstanceIds" => values is ["*"] || values.Contains(node.NodeId),
        "tag-key" => values.Any(node.Tags.ContainsKey),
        _ => node.Tags.TryGetValue(key[4..], out string? value) && values.Contains(value),
    };
}
