using System.Text.Json.Nodes;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ssm;

/// <summary>
/// A session to be opened: its record, and its document with the parameters filled in: schemaVersion, description,
/// sessionType, and inputs or properties (session-manager documents, schema 1.0).
/// </summary>
internal sealed record SessionStart(SessionRecord Session, string SessionType, JsonObject Document);
