using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>A document of Systems Manager with its versions.</summary>
internal sealed class DocumentRecord
{
    /// <summary>The owner of what AWS brings along.</summary>
    public const string Amazon = "Amazon";

    public required string Name { get; init; }

    /// <summary>Gets <see cref="Amazon"/>, or the account's id.</summary>
    public required string Owner { get; init; }

    /// <summary>Gets Session, Command and so on.</summary>
    public required string DocumentType { get; init; }

    /// <summary>Gets the platforms that it is for.</summary>
    public IReadOnlyList<string> PlatformTypes { get; init; } = ["Windows", "Linux", "MacOS"];

    public required DateTimeOffset Created { get; init; }

    public string? DisplayName { get; set; }

    public string? TargetType { get; set; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the versions in their order; never none.</summary>
    public List<DocumentVersion> Versions { get; } = [];

    /// <summary>Gets or sets the number of the version that is used where none is named.</summary>
    public int DefaultVersion { get; set; } = 1;

    public DocumentVersion Latest => Versions[^1];

    public DocumentVersion Default => Versions.Find(version => version.Number == DefaultVersion) ?? Latest;

    /// <summary>Adds a version behind the others; it does not become the default one.</summary>
    public DocumentVersion Add(string text, JsonObject content, string? versionName, DateTimeOffset now)
    {
        DocumentVersion version = new(Versions.Count == 0 ? 1 : Latest.Number + 1, text, content, versionName, now);
        Versions.Add(version);
        return version;
    }
}
