using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Documents as the API shows them.</summary>
internal static class DocumentShapes
{
    /// <summary>An entry of a listing.</summary>
    public static JsonObject Identifier(DocumentRecord document) => new()
    {
        ["Name"] = document.Name,
        ["CreatedDate"] = document.Created,
        ["DisplayName"] = document.DisplayName,
        ["Owner"] = document.Owner,
        ["VersionName"] = document.Default.VersionName,
        ["PlatformTypes"] = document.PlatformTypes.ToJson(),
        ["DocumentVersion"] = $"{document.Default.Number}",
        ["DocumentType"] = document.DocumentType,
        ["SchemaVersion"] = document.Default.Content["schemaVersion"]?.ToString(),
        ["DocumentFormat"] = "JSON",
        ["TargetType"] = document.TargetType,
        ["Tags"] = document.Tags.ToJson(),
    };

    /// <summary>All that is to be told of one version.</summary>
    public static JsonObject Description(DocumentRecord document, DocumentVersion version)
    {
        JsonObject description = Identifier(document);
        description["VersionName"] = version.VersionName;
        description["DocumentVersion"] = $"{version.Number}";
        description["CreatedDate"] = version.Created;
        description["Status"] = "Active";
        description["Description"] = version.Content["description"]?.ToString();
        description["LatestVersion"] = $"{document.Latest.Number}";
        description["DefaultVersion"] = $"{document.DefaultVersion}";
        description["HashType"] = "Sha256";
        description["Hash"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(version.Text))).ToLowerInvariant();
        description["Parameters"] = (version.Content["parameters"] as JsonObject ?? []).ToJson(parameter => new JsonObject
        {
            ["Name"] = parameter.Key,
            ["Type"] = parameter.Value?["type"]?.ToString(),
            ["Description"] = parameter.Value?["description"]?.ToString(),
            ["DefaultValue"] = parameter.Value?["default"]?.ToString(),
        });
        return description;
    }

    /// <summary>One version's content.</summary>
    public static JsonObject Content(DocumentRecord document, DocumentVersion version, string? format) => new()
    {
        ["Name"] = document.Name,
        ["CreatedDate"] = version.Created,
        ["DisplayName"] = document.DisplayName,
        ["VersionName"] = version.VersionName,
        ["DocumentVersion"] = $"{version.Number}",
        ["Status"] = "Active",
        ["Content"] = version.Text,
        ["DocumentType"] = document.DocumentType,

        // All JSON is YAML, too.
        ["DocumentFormat"] = format ?? "JSON",
    };
}
