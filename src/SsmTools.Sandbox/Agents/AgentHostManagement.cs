using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// Default Host Management from the instance's side: whoever can say which instance it is gets the credentials of the
/// account's role for all of them.
/// </summary>
internal sealed class AgentHostManagement(HttpClient http, AgentSettings settings)
{
    private const string ContentType = "application/x-amz-json-1.1";
    private const string Target = "AmazonSSM.RequestManagedInstanceRoleToken";

    /// <summary>Turns the instance's identity into the role's credentials.</summary>
    /// <exception cref="AgentException">It is off, or there is no answer.</exception>
    public async Task<AgentCredentials> ExchangeAsync(AgentCredentials identity, CancellationToken cancellationToken)
    {
        byte[] body = Encoding.UTF8.GetBytes(new JsonObject { ["Fingerprint"] = settings.Target }.ToJsonString());
        Uri url = new(settings.Endpoint + "/");
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        foreach ((string name, string value) in RequestSigner.Sign(
            "POST", url, body, ContentType, identity, settings.Region, settings.Clock.GetUtcNow(), "ssm", Target))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            JsonNode? answer = JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return response.IsSuccessStatusCode
                ? new AgentCredentials(
                    answer!["AccessKeyId"]!.GetValue<string>(),
                    answer["SecretAccessKey"]!.GetValue<string>(),
                    answer["SessionToken"]!.GetValue<string>(),
                    DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(answer["TokenExpirationDate"]!.GetValue<double>()))
                : throw new AgentException(string.Create(
                    CultureInfo.InvariantCulture, $"Systems Manager answered {(int)response.StatusCode} to {Target}: {answer?["__type"]}"));
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or JsonException ||
            (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AgentException($"Systems Manager did not answer {Target}.", e);
        }
    }
}
