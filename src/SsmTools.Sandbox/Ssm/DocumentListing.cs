using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>The documents of the account and of AWS.</summary>
internal static class DocumentListing
{
    private const int DefaultPage = 50;

    public static JsonObject List(ApiCall call)
    {
        List<(string Key, IReadOnlyList<string> Values)> filters =
        [
            .. call.Input.Parts("Filters").Select(filter => (filter.Text("Key") ?? "", filter.Texts("Values"))),
            .. call.Input.Parts("DocumentFilterList").Select(filter =>
                (filter.Text("key") ?? "", (IReadOnlyList<string>)[filter.Text("value") ?? ""])),
        ];
        if (filters.Find(filter => !IsKnown(filter.Key)) is ({ } unknown, _))
        {
            throw new ServiceError("InvalidFilterKey", $"The filter key {unknown} isn't valid.");
        }

        (IReadOnlyList<DocumentRecord> page, string? next) = Paging.Page(
            call.World.Documents.Values.Where(document => filters.TrueForAll(filter => Fits(call.World, document, filter.Key, filter.Values))),
            document => document.Name,
            "ListDocuments", call.Input.Int("MaxResults") ?? DefaultPage, call.Text("NextToken"), SsmErrors.BadToken);
        return new JsonObject { ["DocumentIdentifiers"] = page.ToJson(DocumentShapes.Identifier), ["NextToken"] = next };
    }

    private static bool IsKnown(string key) =>
        key is "Name" or "Owner" or "DocumentType" or "PlatformTypes" or "TargetType" or "SearchKeyword" ||
        key.StartsWith("tag:", StringComparison.Ordinal);

    private static bool Fits(SandboxWorld world, DocumentRecord document, string key, IReadOnlyList<string> values) => key switch
    {
        "Name" => values.Any(prefix => document.Name.StartsWith(prefix, StringComparison.Ordinal)),
        "SearchKeyword" => values.Any(word => document.Name.Contains(word, StringComparison.OrdinalIgnoreCase)),
        "Owner" => values.Any(owner => IsOwner(world, document, owner)),
        "DocumentType" => values.Contains(document.DocumentType),
        "PlatformTypes" => values.Any(platform => document.PlatformTypes.Contains(platform)),
        "TargetType" => document.TargetType is string type && values.Contains(type),
        _ => document.Tags.TryGetValue(key[4..], out string? value) && values.Contains(value),
    };

    private static bool IsOwner(SandboxWorld world, DocumentRecord document, string owner) => owner switch
    {
        "All" or "Public" => true,
        "Self" or "Private" => document.Owner == world.AccountId,
        _ => document.Owner == owner,
    };
}
