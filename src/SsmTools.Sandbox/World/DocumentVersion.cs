using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.World;

/// <summary>One version of a document.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Text">The content as it was given.</param>
/// <param name="Content">The same, read. Not to be changed: whoever wants to takes a copy.</param>
/// <param name="VersionName">The caller's name of it, or null.</param>
/// <param name="Created">When it was made.</param>
internal sealed record DocumentVersion(int Number, string Text, JsonObject Content, string? VersionName, DateTimeOffset Created);
