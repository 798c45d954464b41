using System.Net;
using HttpContentHeaders = System.Net.Http.Headers.HttpHeaders;
using SsmTools.Engine.Aws;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Tests.Provisioning;

/// <summary>
/// An account in the sandbox that is called without sockets, through a <see cref="FaultSchedule"/>: real requests, real
/// signatures, real answers, some of which never arrive.
/// </summary>
internal sealed class MemoryAccount : IDisposable
{
    public MemoryAccount(FaultSchedule schedule)
    {
        Clock = new SandboxClock();
        World = new SandboxWorld(
            new WorldOptions { Seed = 7, ProfileDelay = TimeSpan.FromSeconds(2), StateDelay = TimeSpan.FromMilliseconds(1) }, Clock);
        CredentialStore credentials = new(World.AccountId, Clock);
        Credential key = credentials.IssueUser("tester");
        ApiEndpoint api = new(
            World,
            credentials,
            new SignatureVerifier(credentials, Clock, World.Region),
            new NoBroker(),
            new CommandDispatcher(World, (_, _) => false));
        Context = AwsContext.Create(new AwsOptions
        {
            Region = World.Region,
            AccessKey = key.AccessKeyId,
            SecretKey = key.SecretAccessKey,
            EndpointUrl = "http://sandbox.invalid",
            Transport = new Wire(api, schedule),
            MaxBackoff = TimeSpan.FromMilliseconds(1),
        });
        Time = new SkippingTimeProvider(Clock);
    }

    public SandboxClock Clock { get; }

    public SandboxWorld World { get; }

    public AwsContext Context { get; }

    public SkippingTimeProvider Time { get; }

    public void Dispose()
    {
        Context.Dispose();
        World.Lifecycle.Dispose();
    }

    private sealed class Wire(ApiEndpoint api, FaultSchedule schedule) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
        {
            HttpRequest request = await ReadAsync(message, cancellationToken);
            HttpResponse response = await schedule.CarryAsync(
                ApiOperation.Of(request),
                SignatureVerifier.ProtocolOf(request),
                () => api.HandleAsync(request, CancellationToken.None),
                cancellationToken);
            HttpResponseMessage answer = new((HttpStatusCode)response.Status)
            {
                Content = new ByteArrayContent(response.Body),
                RequestMessage = message,
            };
            foreach ((string name, string value) in response.Headers)
            {
                HttpContentHeaders headers = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? answer.Content.Headers : answer.Headers;
                headers.TryAddWithoutValidation(name, value);
            }

            return answer;
        }

        private static async Task<HttpRequest> ReadAsync(HttpRequestMessage message, CancellationToken cancellationToken)
        {
            HttpRequest request = new()
            {
                Method = message.Method.Method,
                RawTarget = message.RequestUri!.PathAndQuery,
                Body = message.Content is null ? [] : await message.Content.ReadAsByteArrayAsync(cancellationToken),
            };
            foreach ((string name, IEnumerable<string> values) in
                message.Content is null ? message.Headers : message.Headers.Concat(message.Content.Headers))
            {
                request.Headers.Add(name, string.Join(name == "User-Agent" ? ' ' : ',', values));
            }

            request.Headers["Host"] ??= message.RequestUri.Authority;
            return request;
        }
    }
}
