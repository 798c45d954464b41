using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>From a session document and a caller's parameters to what the agent is told.</summary>
internal static class SessionDocuments
{
    /// <summary>
    /// The document that a session is to be started from, by name or ARN; null for the account's preferences. The latest
    /// version counts, whichever is the default one (aws/session-manager-plugin#112).
    /// </summary>
    /// <exception cref="ServiceError">InvalidDocument: there is none, or it is none for sessions.</exception>
    public static (string Name, JsonObject Content) Find(SandboxWorld world, string? nameOrArn)
    {
        lock (world.Gate)
        {
            if (nameOrArn is null && !world.Documents.ContainsKey(SessionDocumentCatalog.Preferences))
            {
                return (SessionDocumentCatalog.Preferences, SessionDocumentCatalog.PreferencesContent());
            }

            DocumentRecord document = DocumentOperations.Find(world, nameOrArn ?? SessionDocumentCatalog.Preferences);
            return document.DocumentType == "Session"
                ? (document.Name, document.Latest.Content)
                : throw new ServiceError("InvalidDocument", $"Document type {document.DocumentType} is not supported for sessions.");
        }
    }

    /// <summary>
    /// The document's content for the agent: the parameters filled in, and the account's preferences where it has no
    /// inputs of its own.
    /// </summary>
    /// <exception cref="ServiceError">InvalidParameters: they do not fit.</exception>
    public static JsonObject Fill(JsonObject document, JsonObject parameters, SessionPreferences preferences)
    {
        Dictionary<string, JsonNode> values = DocumentParameters.Resolve(document, parameters);
        JsonObject content = document.DeepClone().AsObject();
        content.Remove("parameters");
        foreach (string part in new[] { "inputs", "properties" })
        {
            if (content[part] is JsonNode node)
            {
                content[part] = DocumentParameters.Substitute(node, values);
            }
        }

        content["inputs"] ??= preferences.Inputs;
        return content;
    }
}
