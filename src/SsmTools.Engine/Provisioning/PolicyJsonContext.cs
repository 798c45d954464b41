using System.Text.Json.Serialization;

namespace SsmTools.Engine.Provisioning;

/// <summary>Writes strings as JSON, without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class PolicyJsonContext : JsonSerializerContext;
