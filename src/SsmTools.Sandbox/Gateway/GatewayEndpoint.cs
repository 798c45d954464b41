using System.Net.WebSockets;
using System.Security;
using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Gateway;

/// <summary>
/// The ssmmessages service: the two calls by which agents get tokens, and the sockets that are opened with them
/// (amazon-ssm-agent, session/service/service.go).
/// </summary>
internal sealed class GatewayEndpoint
{
    private const string ControlPath = "/v1/control-channel/";
    private const string DataPath = "/v1/data-channel/";
    private const string Service = "ssmmessages";
    private const int MaxFirstMessage = 16 * 1024;

    /// <summary>How long a socket may stay without having said who it is.</summary>
    private static readonly TimeSpan s_introduction = TimeSpan.FromSeconds(10);

    private readonly SandboxWorld _world;
    private readonly SignatureVerifier _verifier;
    private readonly ChannelTokens _tokens;
    private readonly MessageGateway _gateway;

    public GatewayEndpoint(SandboxWorld world, SignatureVerifier verifier, ChannelTokens tokens, MessageGateway gateway)
    {
        _world = world;
        _verifier = verifier;
        _tokens = tokens;
        _gateway = gateway;
    }

    /// <summary>Whether a request is for this service.</summary>
    public static bool Serves(HttpRequest request) =>
        request.RawPath.StartsWith(ControlPath, StringComparison.Ordinal) || request.RawPath.StartsWith(DataPath, StringComparison.Ordinal);

    /// <summary>Answers a request, whatever it is.</summary>
    public Task<HttpResponse> HandleAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        bool isControl = request.RawPath.StartsWith(ControlPath, StringComparison.Ordinal);
        string id = request.Path[(isControl ? ControlPath : DataPath).Length..];
        HttpResponse response;
        try
        {
            response = (request.Method, isControl) switch
            {
                ("POST", true) => CreateControlChannel(request, id),
                ("POST", false) => CreateDataChannel(request, id),
                ("GET", true) => OpenControlChannel(request, id),
                ("GET", false) => OpenDataChannel(request, id),
                _ => Refuse(405, "MethodNotAllowedException", "Only GET and POST are known here."),
            };
        }
        catch (ServiceError refusal)
        {
            response = Refuse(refusal.Status is 400 ? 403 : refusal.Status, refusal.Code, refusal.Message);
        }

        return Task.FromResult(response);
    }

    private HttpResponse CreateControlChannel(HttpRequest request, string target)
    {
        VerifyAgent(request, target, "ssmmessages:CreateControlChannel");
        return IssueToken(request, "CreateControlChannelResponse", new ChannelKey(ChannelKind.Control, target));
    }

    private HttpResponse CreateDataChannel(HttpRequest request, string sessionId)
    {
        SessionRecord? record;
        lock (_world.Gate)
        {
            record = _world.Sessions.GetValueOrDefault(sessionId);
        }

        // Who may not ask does not learn which sessions there are.
        VerifyAgent(request, record?.Target, "ssmmessages:CreateDataChannel");
        return _gateway.FindSession(sessionId) is null
            ? Refuse(400, "ChannelClosedException", "Session is already terminated")
            : IssueToken(request, "CreateDataChannelResponse", new ChannelKey(ChannelKind.Agent, sessionId));
    }

    private HttpResponse OpenControlChannel(HttpRequest request, string target)
    {
        VerifyAgent(request, target, "ssmmessages:OpenControlChannel");
        return HttpResponse.WebSocket(async (socket, cancellationToken) =>
        {
            SocketReader reader = new(socket);
            OpenControlChannelInput? input = await ReadFirstAsync(
                reader, ProtocolJson.Wire.OpenControlChannelInput, cancellationToken).ConfigureAwait(false);
            if (input is null || !_tokens.TryRedeem(new ChannelKey(ChannelKind.Control, target), input.TokenValue))
            {
                await RejectAsync(socket, cancellationToken).ConfigureAwait(false);
                return;
            }

            await _gateway.RunControlAsync(target, input, socket, reader, cancellationToken).ConfigureAwait(false);
        });
    }

    private HttpResponse OpenDataChannel(HttpRequest request, string sessionId)
    {
        // Plugins sign the upgrade since 1.2.764.0 and did not before; a signature that is there must be right.
        Principal? signer = RequestSignature.IsPresent(request) ? _verifier.Verify(request, Service) : null;
        return HttpResponse.WebSocket((socket, cancellationToken) => RunDataChannelAsync(sessionId, signer, socket, cancellationToken));
    }

    private async Task RunDataChannelAsync(string sessionId, Principal? signer, WebSocket socket, CancellationToken cancellationToken)
    {
        SocketReader reader = new(socket);
        OpenDataChannelInput? input = await ReadFirstAsync(
            reader, ProtocolJson.Wire.OpenDataChannelInput, cancellationToken).ConfigureAwait(false);
        bool isAgent = !string.IsNullOrEmpty(input?.ClientInstanceId);
        SessionRelay? session = isAgent ? _gateway.FindSession(sessionId) : _gateway.FindForClient(sessionId);
        ChannelKey key = new(isAgent ? ChannelKind.Agent : ChannelKind.Client, sessionId);
        bool mayEnter = input is not null && session is not null &&
            (!isAgent || (signer is not null && input.ClientInstanceId == session.Target && AgentRights.SpeaksFor(_world, signer, session.Target))) &&
            _tokens.TryRedeem(key, input.TokenValue) && (isAgent || !_gateway.RefusesToken(session));
        if (!mayEnter)
        {
            await RejectAsync(socket, cancellationToken).ConfigureAwait(false);
        }
        else if (isAgent)
        {
            await session!.RunAgentAsync(socket, reader, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _gateway.RunClientAsync(session!, socket, reader, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets a request pass if the node's own agent has signed it, and has the right.</summary>
    private void VerifyAgent(HttpRequest request, string? target, string action)
    {
        Principal signer = _verifier.Verify(request, Service);
        bool mayEnter = target is not null && AgentRights.SpeaksFor(_world, signer, target) &&
            Authorizer.IsAllowed(_world, signer, action);
        if (!mayEnter)
        {
            throw new ServiceError("AccessDeniedException", $"User: {signer.Arn} is not authorized to perform: {action}", 403);
        }
    }

    private HttpResponse IssueToken(HttpRequest request, string root, ChannelKey key)
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(request.Body);
            if (body.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Refuse(400, "SerializationException", "The body must be a JSON object.");
            }
        }
        catch (JsonException)
        {
            return Refuse(400, "SerializationException", "The body must be a JSON object.");
        }

        // JSON in, XML out: that is how it is.
        return HttpResponse.Text(
            201,
            $"<{root}><MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>{_tokens.Issue(key)}</TokenValue></{root}>",
            "application/xml");
    }

    private async ValueTask<T?> ReadFirstAsync<T>(
        SocketReader reader, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using LinkedDeadline deadline = new(s_introduction, _world.Clock.Inner, cancellationToken);
        byte[]? first = await reader.ReadAsync(MaxFirstMessage, deadline.Token).ConfigureAwait(false);
        return first is not null && ProtocolJson.TryRead(first, type, out T? input) ? input : null;
    }

    /// <summary>Closes a socket that did not say who it is. It does not learn what was wrong.</summary>
    private async Task RejectAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        using LinkedDeadline deadline = new(TimeSpan.FromSeconds(2), _world.Clock.Inner, cancellationToken);
        try
        {
            await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, null, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // Gone already.
        }
    }

    private static HttpResponse Refuse(int status, string code, string message) => HttpResponse.Text(
        status, $"<{code}><Message>{SecurityElement.Escape(message)}</Message></{code}>", "application/xml");
}
