using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>What the account wants of its sessions: the inputs of its preferences' document, or AWS's where it has none.</summary>
internal sealed class SessionPreferences(SandboxWorld world)
{
    /// <summary>Gets a copy of the inputs.</summary>
    public JsonObject Inputs
    {
        get
        {
            lock (world.Gate)
            {
                return Content()["inputs"] is JsonObject inputs ? inputs.DeepClone().AsObject() : [];
            }
        }
    }

    /// <summary>Gets or sets the KMS key that sessions are encrypted with; empty for none.</summary>
    public string KmsKeyId
    {
        get => Inputs["kmsKeyId"]?.ToString() ?? "";
        set => Set("kmsKeyId", value);
    }

    /// <summary>Sets one input, as a new version of the document.</summary>
    public void Set(string input, string value)
    {
        lock (world.Gate)
        {
            JsonObject content = Content().DeepClone().AsObject();
            if (content["inputs"]![input]?.ToString() == value)
            {
                return;
            }

            content["inputs"]![input] = value;
            if (world.Documents.TryGetValue(SessionDocumentCatalog.Preferences, out DocumentRecord? document))
            {
                document.DefaultVersion = document.Add(SessionDocumentCatalog.Text(content), content, null, world.Now).Number;
            }
        }
    }

    private JsonObject Content() => world.Documents.TryGetValue(SessionDocumentCatalog.Preferences, out DocumentRecord? document)
        ? document.Latest.Content
        : SessionDocumentCatalog.PreferencesContent();
}
