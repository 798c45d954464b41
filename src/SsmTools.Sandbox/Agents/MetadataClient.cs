using System.Globalization;
using System.Text.Json;

namespace SsmTools.Sandbox.Agents;

/// <summary>Asks the instance's metadata endpoint, token first, as any program on an instance does.</summary>
internal sealed class MetadataClient(HttpClient http, string endpoint, TimeProvider clock)
{
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(5);

    private volatile AgentCredentials? _credentials;
    private volatile bool _wereRefused;

    /// <summary>Turns an instance's identity into a role's credentials, where Default Host Management gives one.</summary>
    public Func<AgentCredentials, CancellationToken, Task<AgentCredentials>>? Exchange { get; set; }

    /// <summary>The role's credentials, kept until shortly before their end.</summary>
    /// <exception cref="AgentException">There are none, or no answer.</exception>
    public async Task<AgentCredentials> GetCredentialsAsync(CancellationToken cancellationToken)
    {
        AgentCredentials? known = _credentials;
        return known is not null && clock.GetUtcNow() < known.Expires - s_margin
            ? known
            : _credentials = await FetchAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets credentials that were refused; the next ones come from Default Host Management, if it is on.</summary>
    public void Forget()
    {
        _credentials = null;
        _wereRefused = true;
    }

    private async Task<AgentCredentials> FetchAsync(CancellationToken cancellationToken)
    {
        string token = await SendAsync(
            HttpMethod.Put, "latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "300", cancellationToken).ConfigureAwait(false);
        bool managedFirst = Exchange is not null && _wereRefused;
        _wereRefused = false;
        try
        {
            return managedFirst
                ? await ReadHostManagementAsync(token, cancellationToken).ConfigureAwait(false)
                : await ReadRoleAsync(token, cancellationToken).ConfigureAwait(false);
        }
        catch (AgentException) when (Exchange is not null)
        {
            // No role of its own, or nothing from Default Host Management: the other one.
            return managedFirst
                ? await ReadRoleAsync(token, cancellationToken).ConfigureAwait(false)
                : await ReadHostManagementAsync(token, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<AgentCredentials> ReadRoleAsync(string token, CancellationToken cancellationToken)
    {
        string role = await GetAsync("latest/meta-data/iam/security-credentials/", token, cancellationToken).ConfigureAwait(false);
        return await ReadAsync($"latest/meta-data/iam/security-credentials/{role}", token, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AgentCredentials> ReadHostManagementAsync(string token, CancellationToken cancellationToken)
    {
        const string Identity = "latest/meta-data/identity-credentials/ec2/security-credentials/ec2-instance";
        AgentCredentials identity = await ReadAsync(Identity, token, cancellationToken).ConfigureAwait(false);
        return await Exchange!(identity, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AgentCredentials> ReadAsync(string path, string token, CancellationToken cancellationToken)
    {
        string text = await GetAsync(path, token, cancellationToken).ConfigureAwait(false);
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
