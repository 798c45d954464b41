using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;

namespace SsmTools.Sandbox.Agents;

/// <summary>The agent's calls to the message gateway: a token, then a socket, then the first message on it.</summary>
internal sealed class AgentApi
{
    private readonly HttpClient _http;
    private readonly MetadataClient _metadata;
    private readonly AgentSettings _settings;

    public AgentApi(HttpClient http, MetadataClient metadata, AgentSettings settings)
    {
        _http = http;
        _metadata = metadata;
        _settings = settings;
    }

    /// <summary>Opens the control channel.</summary>
    /// <exception cref="AgentException">It was refused, or there is no answer.</exception>
    public async Task<AgentSocket> OpenControlChannelAsync(CancellationToken cancellationToken)
    {
        string path = $"/v1/control-channel/{_settings.Target}";
        OpenControlChannelInput input = new()
        {
            RequestId = Guid.NewGuid().ToString("D"),
            TokenValue = await CreateChannelAsync(path, cancellationToken).ConfigureAwait(false),
            AgentVersion = _settings.AgentVersion,
            PlatformType = _settings.IsWindows ? "windows" : "linux",
        };
        return await ConnectAsync(
            $"{path}?role=subscribe&stream=input",
            ProtocolJson.Write(input, ProtocolJson.Wire.OpenControlChannelInput),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the agent's end of a session's data channel.</summary>
    /// <exception cref="AgentException">It was refused, or there is no answer.</exception>
    public async Task<AgentSocket> OpenDataChannelAsync(string sessionId, CancellationToken cancellationToken)
    {
        string path = $"/v1/data-channel/{Uri.EscapeDataString(sessionId)}";
        OpenDataChannelInput input = new()
        {
            RequestId = Guid.NewGuid().ToString("D"),
            TokenValue = await CreateChannelAsync(path, cancellationToken).ConfigureAwait(false),
            ClientId = "",
            ClientInstanceId = _settings.Target,
        };
        return await ConnectAsync(
            $"{path}?role=publish_subscribe",
            ProtocolJson.Write(input, ProtocolJson.Wire.OpenDataChannelInput),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Calls an operation of Systems Manager as the real agent does.</summary>
    /// <exception cref="AgentException">It was refused, or there is no answer.</exception>
    public async Task CallAsync(string operation, JsonObject input, CancellationToken cancellationToken)
    {
        const string ContentType = "application/x-amz-json-1.1";
        string target = $"AmazonSSM.{operation}";
        byte[] body = System.Text.Encoding.UTF8.GetBytes(input.ToJsonString());
        Uri url = new(_settings.Endpoint + "/");
        AgentCredentials credentials = await _metadata.GetCredentialsAsync(cancellationToken).ConfigureAwait(false);
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        foreach ((string name, string value) in RequestSigner.Sign(
            "POST", url, body, ContentType, credentials, _settings.Region, _settings.Clock.GetUtcNow(), "ssm", target))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                string answer = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                throw new AgentException($"{operation} was refused: {answer}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new AgentException($"{operation} got no answer.", e);
        }
    }

    private async Task<string> CreateChannelAsync(string path, CancellationToken cancellationToken)
    {
        const string ContentType = "application/json";
        byte[] body = System.Text.Encoding.UTF8.GetBytes(
            new JsonObject { ["MessageSchemaVersion"] = "1.0", ["RequestId"] = Guid.NewGuid().ToString("D") }.ToJsonString());
        Uri url = new(_settings.Endpoint + path);
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        foreach ((string name, string value) in await SignAsync("POST", url, body, ContentType, cancellationToken).ConfigureAwait(false))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            string answer = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode != 201)
            {
                _metadata.Forget();
                throw new AgentException($"The gateway answered {(int)response.StatusCode} to POST {path}: {answer}");
            }

            return XDocument.Parse(answer).Root?.Element("TokenValue")?.Value
                ?? throw new AgentException($"The gateway's answer to POST {path} holds no token.");
        }
        catch (Exception e) when (
            e is HttpRequestException or XmlException or IOException ||
            (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AgentException($"The gateway did not answer POST {path}.", e);
        }
    }

    private async Task<AgentSocket> ConnectAsync(string target, byte[] firstMessage, CancellationToken cancellationToken)
    {
        Uri url = new(_settings.Endpoint + target);
        CoalescingStream? connection = null;
        using HttpMessageInvoker invoker = KeepAliveSockets.CreateInvoker(
            upgraded => connection = upgraded, useProxy: false); // loopback: a proxy of the caller's is not asked
        ClientWebSocket socket = new();
        try
        {
            foreach ((string name, string value) in await SignAsync("GET", url, [], null, cancellationToken).ConfigureAwait(false))
            {
                socket.Options.SetRequestHeader(name, value);
            }

            UriBuilder webSocketUrl = new(url) { Scheme = "ws" };
            await socket.ConnectAsync(webSocketUrl.Uri, invoker, cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(firstMessage.AsMemory(), WebSocketMessageType.Text, true, cancellationToken).ConfigureAwait(false);
            return new AgentSocket(socket, connection);
        }
        catch (Exception e) when (e is WebSocketException or IOException)
        {
            socket.Dispose();
            throw new AgentException($"The gateway did not open {url.AbsolutePath}.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IReadOnlyList<KeyValuePair<string, string>>> SignAsync(
        string method, Uri url, byte[] body, string? contentType, CancellationToken cancellationToken)
    {
        AgentCredentials credentials = await _metadata.GetCredentialsAsync(cancellationToken).ConfigureAwait(false);
        return RequestSigner.Sign(
            method, url, body, contentType, credentials, _settings.Region, _settings.Clock.GetUtcNow());
    }
}
