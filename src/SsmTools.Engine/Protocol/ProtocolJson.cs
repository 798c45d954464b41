using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SsmTools.Engine.Protocol;

/// <summary>
/// JSON as Go's encoding/json has it: keys are matched whatever their case, unknown ones are ignored, what is missing
/// stays empty, null is written.
/// </summary>
[JsonSerializable(typeof(AcknowledgePayload))]
[JsonSerializable(typeof(ChannelClosedPayload))]
[JsonSerializable(typeof(AgentSessionStatePayload))]
[JsonSerializable(typeof(HandshakeRequestPayload))]
[JsonSerializable(typeof(HandshakeResponsePayload))]
[JsonSerializable(typeof(HandshakeCompletePayload))]
[JsonSerializable(typeof(SessionTypeParameters))]
[JsonSerializable(typeof(KmsEncryptionParameters))]
[JsonSerializable(typeof(KmsEncryptionResult))]
[JsonSerializable(typeof(EncryptionChallengePayload))]
[JsonSerializable(typeof(TerminalSizePayload))]
[JsonSerializable(typeof(OpenDataChannelInput))]
[JsonSerializable(typeof(OpenControlChannelInput))]
[JsonSerializable(typeof(InteractiveShellPayload))]
[JsonSerializable(typeof(SessionTask))]
[JsonSerializable(typeof(AgentTaskCompletePayload))]
[JsonSerializable(typeof(AgentTaskAcknowledgePayload))]
internal sealed partial class ProtocolJson : JsonSerializerContext
{
    /// <summary>The metadata to use; text is written as it is, not escaped for HTML.</summary>
    public static ProtocolJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNameCaseInsensitive = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes compact UTF-8, keys in the order of the type.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    /// <summary>Reads UTF-8. False when it is not JSON, not of this shape, or null.</summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
        where T : class
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type);
            return value is not null;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }

    /// <summary>Reads an element within a payload. False when it is absent, not of this shape, or null.</summary>
    public static bool TryRead<T>(JsonElement? json, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
        where T : class
    {
        try
        {
            value = json?.Deserialize(type);
            return value is not null;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}
