using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SsmTools.Engine.Protocol;

namespace SsmTools.Sandbox.Agents;

/// <summary>The agent's one call to KMS: the key of an encrypted session, with the instance's own rights.</summary>
internal sealed class AgentKms(HttpClient http, MetadataClient metadata, AgentSettings settings)
{
    private const string ContentType = "application/x-amz-json-1.1";
    private const string Target = "TrentService.Decrypt";

    /// <summary>Decrypts a session's data key.</summary>
    /// <exception cref="AgentException">KMS refused, or there is no answer.</exception>
    public async Task<byte[]> DecryptAsync(string sessionId, DataKeyNeed need, CancellationToken cancellationToken)
    {
        JsonObject context = [];
        foreach ((string name, string value) in need.Context(sessionId, settings.Target))
        {
            context[name] = value;
        }

        byte[] body = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["CiphertextBlob"] = Convert.ToBase64String(need.CipherText ?? []),
            ["EncryptionContext"] = context,
            ["KeyId"] = need.KeyId,
        }.ToJsonString());
        Uri url = new(settings.Endpoint + "/");
        AgentCredentials credentials = await metadata.GetCredentialsAsync(cancellationToken).ConfigureAwait(false);
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        foreach ((string name, string value) in RequestSigner.Sign(
            "POST", url, body, ContentType, credentials, settings.Region, settings.Clock.GetUtcNow(), "kms", Target))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            JsonNode? content = JsonNode.Parse(answer);
            return response.IsSuccessStatusCode
                ? Convert.FromBase64String(content?["Plaintext"]?.GetValue<string>() ?? "")
                : throw new AgentException(
                    $"Fetching data key failed: {content?["__type"]}: {content?["message"] ?? content?["Message"]}");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or FormatException)
        {
            throw new AgentException("Fetching data key failed: KMS did not answer.", e);
        }
    }
}
