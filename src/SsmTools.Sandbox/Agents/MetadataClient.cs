using System.Globalization;
using System.Text.Json;

namespace SsmTools.Sandbox.Agents;

/// <summary>Asks the instance's metadata endpoint, token first, as any program on an instance does.</summary>
internal sealed class MetadataClient(HttpClient http, string endpoint, TimeProvider clock)
{
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(5);

    private volatile AgentCredentials? _credentials;

    /// <summary>The role's credentials, kept until shortly before their end.</summary>
    /// <exception cref="AgentException">There are none, or no answer.</exception>
    public async Task<AgentCredentials> GetCredentialsAsync(CancellationToken cancellationToken)
    {
        AgentCredentials? known = _credentials;
        return known is not null && clock.GetUtcNow() < known.Expires - s_margin
            ? known
            : _credentials = await FetchAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets credentials that were refused.</summary>
    public void Forget() => _credentials = null;

    private async Task<AgentCredentials> FetchAsync(CancellationToken cancellationToken)
    {
        string token = await SendAsync(
            HttpMethod.Put, "latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "300", cancellationToken).ConfigureAwait(false);
        string role = await GetAsync("latest/meta-data/iam/security-credentials/", token, cancellationToken).ConfigureAwait(false);
        string text = await GetAsync($"latest/meta-data/iam/security-credentials/{role}", token, cancellationToken).ConfigureAwait(false);
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        if (root.GetProperty("Code").GetString() != "Success")
        {
            throw new AgentException($"The instance's metadata has no credentials: {root.GetProperty("Code").GetString()}.");
        }

        return new AgentCredentials(
            root.GetProperty("AccessKeyId").GetString()!,
            root.GetProperty("SecretAccessKey").GetString()!,
            root.GetProperty("Token").GetString()!,
            DateTimeOffset.Parse(root.GetProperty("Expiration").GetString()!, CultureInfo.InvariantCulture));
    }

    private Task<string> GetAsync(string path, string token, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, "X-aws-ec2-metadata-token", token, cancellationToken);

    private async Task<string> SendAsync(
        HttpMethod method, string path, string header, string value, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, $"{endpoint}/{path}");
        request.Headers.Add(header, value);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)
                : throw new AgentException($"The instance's metadata answered {(int)response.StatusCode} to {path}.");
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException ||
            (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AgentException("The instance's metadata does not answer.", e);
        }
    }
}
