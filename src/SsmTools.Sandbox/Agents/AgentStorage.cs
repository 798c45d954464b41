using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace SsmTools.Sandbox.Agents;

/// <summary>
/// Where an agent puts what it logs: S3 and CloudWatch Logs, with the instance's own rights and over its own network. What
/// cannot be written is lost, as it is with the real agent: a log is no reason to end a session.
/// </summary>
/// <param name="http">Connections.</param>
/// <param name="metadata">Where its credentials come from.</param>
/// <param name="settings">The machine.</param>
/// <param name="reaches">Whether its network leads to a service: <c>s3</c>, <c>logs</c>.</param>
internal sealed class AgentStorage(HttpClient http, MetadataClient metadata, AgentSettings settings, Func<string, bool> reaches)
{
    private const string JsonType = "application/x-amz-json-1.1";

    /// <summary>Writes an object.</summary>
    /// <returns>Whether it is there.</returns>
    public async Task<bool> TryPutAsync(string bucket, string key, byte[] content, CancellationToken cancellationToken)
    {
        string path = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        return await AskAsync("s3", "PUT", $"/{bucket}/{path}", content, null, cancellationToken).ConfigureAwait(false) is { IsGood: true };
    }

    /// <summary>Makes a log group where there is none.</summary>
    /// <returns>Whether there is one now; false also where it may not be made, though it is there.</returns>
    public async Task<bool> TryMakeGroupAsync(string group, CancellationToken cancellationToken) =>
        await LogsAsync("CreateLogGroup", new JsonObject { ["logGroupName"] = group }, cancellationToken).ConfigureAwait(false) is { } answer
        && (answer.IsGood || answer.Body.Contains("ResourceAlreadyExistsException", StringComparison.Ordinal));

    /// <summary>Puts events behind those of a stream, which is made where it is missing.</summary>
    /// <returns>Whether they were taken.</returns>
    public async Task<bool> TryLogAsync(string group, string stream, IReadOnlyList<string> messages, CancellationToken cancellationToken)
    {
        JsonObject place = new() { ["logGroupName"] = group, ["logStreamName"] = stream };
        _ = await LogsAsync("CreateLogStream", place, cancellationToken).ConfigureAwait(false);
        JsonObject events = place.DeepClone().AsObject();
        long now = settings.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        events["logEvents"] = new JsonArray([.. messages.Select(message => new JsonObject { ["timestamp"] = now, ["message"] = message })]);
        return await LogsAsync("PutLogEvents", events, cancellationToken).ConfigureAwait(false) is { IsGood: true };
    }

    /// <summary>Whether a bucket encrypts; false also where that cannot be told.</summary>
    public async Task<bool> IsBucketEncryptedAsync(string bucket, CancellationToken cancellationToken)
    {
        Answer? answer = await AskAsync("s3", "GET", $"/{bucket}?encryption=", [], null, cancellationToken).ConfigureAwait(false);
        try
        {
            return answer is { IsGood: true } && XDocument.Parse(answer.Body).Descendants().Any(one => one.Name.LocalName == "SSEAlgorithm");
        }
        catch (XmlException)
        {
            return false;
        }
    }

    /// <summary>Whether a log group has a key; false also where that cannot be told.</summary>
    public async Task<bool> IsGroupEncryptedAsync(string group, CancellationToken cancellationToken)
    {
        Answer? answer = await LogsAsync("DescribeLogGroups", new JsonObject { ["logGroupNamePrefix"] = group }, cancellationToken)
            .ConfigureAwait(false);
        JsonArray groups = answer is { IsGood: true } ? JsonNode.Parse(answer.Body)?["logGroups"] as JsonArray ?? [] : [];
        return groups.Any(one => one?["logGroupName"]?.ToString() == group && one["kmsKeyId"] is not null);
    }

    private Task<Answer?> LogsAsync(string operation, JsonObject input, CancellationToken cancellationToken) => AskAsync(
        "logs", "POST", "/", Encoding.UTF8.GetBytes(input.ToJsonString()), $"Logs_20140328.{operation}", cancellationToken);

    private async Task<Answer?> AskAsync(
        string service, string method, string target, byte[] body, string? operation, CancellationToken cancellationToken)
    {
        if (!reaches(service))
        {
            return null;
        }

        try
        {
            Uri url = new(settings.Endpoint + target);
            AgentCredentials credentials = await metadata.GetCredentialsAsync(cancellationToken).ConfigureAwait(false);
            using HttpRequestMessage request = new(new HttpMethod(method), url) { Content = new ByteArrayContent(body) };
            string? type = operation is null ? null : JsonType;
            if (type is not null)
            {
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            }

            foreach ((string name, string value) in RequestSigner.Sign(
                method, url, body, type, credentials, settings.Region, settings.Clock.GetUtcNow(), service, operation))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return new Answer(
                response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is AgentException or HttpRequestException or IOException or JsonException or CryptographicException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private sealed record Answer(bool IsGood, string Body);
}
