using System.Text.Json.Serialization;

namespace SsmTools.Engine.Protocol;

/// <summary>The payload of <see cref="PayloadType.Size"/>.</summary>
/// <param name="Columns">Cells across; agents take 16 bits of it.</param>
/// <param name="Rows">Cells down; agents take 16 bits of it.</param>
internal sealed record TerminalSizePayload(
    [property: JsonPropertyName("cols")] int Columns,
    [property: JsonPropertyName("rows")] int Rows);
