using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Documents, of which this AWS makes those for sessions only.</summary>
internal static partial class DocumentOperations
{
    private const int MaxVersions = 1000;

    /// <summary>A document by name or ARN.</summary>
    /// <exception cref="ServiceError">InvalidDocument: there is none.</exception>
    public static DocumentRecord Find(SandboxWorld world, string nameOrArn)
    {
        string name = nameOrArn.Split('/')[^1];
        return world.Documents.GetValueOrDefault(name) ?? throw NoDocument(name);
    }

    public static JsonObject Describe(ApiCall call)
    {
        (DocumentRecord document, DocumentVersion version) = FindVersion(call);
        return new JsonObject { ["Document"] = DocumentShapes.Description(document, version) };
    }

    public static JsonObject Get(ApiCall call)
    {
        (DocumentRecord document, DocumentVersion version) = FindVersion(call);
        return DocumentShapes.Content(document, version, call.Text("DocumentFormat"));
    }

    public static JsonObject Create(ApiCall call)
    {
        string name = call.Required("Name");
        if (Reserved().IsMatch(name))
        {
            throw new ServiceError("ValidationException", $"Document name {name} begins with a prefix that is reserved.");
        }

        if (call.World.Documents.ContainsKey(name))
        {
            throw new ServiceError("DocumentAlreadyExists", $"Document with same name {name} already exists");
        }

        if (call.Text("DocumentType") != "Session")
        {
            throw new ServiceError("InvalidDocumentContent", "This AWS makes documents of the type Session only.");
        }

        JsonObject content = SessionDocumentRules.Read(call.Required("Content"));
        DocumentRecord document = new()
        {
            Name = name,
            Owner = call.World.AccountId,
            DocumentType = "Session",
            Created = call.World.Now,
            DisplayName = call.Text("DisplayName"),
            TargetType = call.Text("TargetType"),
        };
        foreach ((string key, string value) in call.Input.Tags("Tags"))
        {
            document.Tags[key] = value;
        }

        document.Add(call.Required("Content"), content, call.Text("VersionName"), call.World.Now);
        call.World.Documents.Add(name, document);
        return new JsonObject { ["DocumentDescription"] = DocumentShapes.Description(document, document.Latest) };
    }

    public static JsonObject Update(ApiCall call)
    {
        DocumentRecord document = FindOwn(call);
        string? named = call.Text("DocumentVersion");
        if (document.Versions.Count > 1 && named is null or "$DEFAULT" ||
            (named is not null && FindVersion(document, named) != document.Latest))
        {
            throw new ServiceError("InvalidDocumentVersion", "The document version is not valid or does not exist: only the latest one can be updated.");
        }

        string text = call.Required("Content");
        JsonObject content = SessionDocumentRules.Read(text);
        string? versionName = call.Text("VersionName");
        if (document.Versions.Exists(version => JsonNode.DeepEquals(version.Content, content)))
        {
            throw new ServiceError("DuplicateDocumentContent", "The content of the association document matches another document. "
                + "Change the content of the document and try again.");
        }

        if (versionName is not null && document.Versions.Exists(version => version.VersionName == versionName))
        {
            throw new ServiceError("DuplicateDocumentVersionName", "The version name has already been used in this document.");
        }

        if (document.Versions.Count >= MaxVersions)
        {
            throw new ServiceError("DocumentVersionLimitExceeded", "The document has too many versions. Delete one or more document versions.");
        }

        document.DisplayName = call.Text("DisplayName") ?? document.DisplayName;
        DocumentVersion added = document.Add(text, content, versionName, call.World.Now);
        return new JsonObject { ["DocumentDescription"] = DocumentShapes.Description(document, added) };
    }

    public static JsonObject UpdateDefaultVersion(ApiCall call)
    {
        DocumentRecord document = FindOwn(call);
        DocumentVersion version = FindVersion(document, call.Required("DocumentVersion"));
        document.DefaultVersion = version.Number;
        return new JsonObject
        {
            ["Description"] = new JsonObject
            {
                ["Name"] = document.Name,
                ["DefaultVersion"] = $"{version.Number}",
                ["DefaultVersionName"] = version.VersionName,
            },
        };
    }

    public static JsonObject Delete(ApiCall call)
    {
        DocumentRecord document = FindOwn(call);
        if (call.Text("DocumentVersion") is not string number)
        {
            call.World.Documents.Remove(document.Name);
            return [];
        }

        DocumentVersion version = FindVersion(document, number);
        if (version.Number == document.DefaultVersion)
        {
            throw new ServiceError("InvalidDocumentOperation", "You attempted to delete the default version of a document.");
        }

        document.Versions.Remove(version);
        return [];
    }

    private static DocumentRecord FindOwn(ApiCall call)
    {
        DocumentRecord document = Find(call.World, call.Required("Name"));
        return document.Owner == call.World.AccountId
            ? document
            : throw new ServiceError("InvalidDocumentOperation", $"Document {document.Name} belongs to {document.Owner} and cannot be changed.");
    }

    private static (DocumentRecord Document, DocumentVersion Version) FindVersion(ApiCall call)
    {
        DocumentRecord document = Find(call.World, call.Required("Name"));
        DocumentVersion version = call.Text("VersionName") is string name
            ? document.Versions.Find(version => version.VersionName == name) ?? throw NoVersion()
            : FindVersion(document, call.Text("DocumentVersion") ?? "$DEFAULT");
        return (document, version);
    }

    /// <summary>A version by its number, or <c>$LATEST</c>, or <c>$DEFAULT</c>.</summary>
    /// <exception cref="ServiceError">InvalidDocumentVersion: there is none.</exception>
    public static DocumentVersion FindVersion(DocumentRecord document, string version) => version switch
    {
        "$LATEST" => document.Latest,
        "$DEFAULT" => document.Default,
        _ => document.Versions.Find(one => one.Number.ToString(CultureInfo.InvariantCulture) == version) ?? throw NoVersion(),
    };

    private static ServiceError NoDocument(string name) => new("InvalidDocument", $"Document with name {name} does not exist.");

    private static ServiceError NoVersion() => new("InvalidDocumentVersion", "The document version is not valid or does not exist.");

    [GeneratedRegex("^(aws|amazon|amzn)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();
}
