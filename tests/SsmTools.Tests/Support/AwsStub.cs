using System.Collections.Concurrent;
using System.Net;
using SsmTools.Engine.Aws;
using SsmTools.Sandbox.Http;

namespace SsmTools.Tests.Support;

/// <summary>A loopback endpoint that gives prepared answers and keeps the requests; the last answer is repeated.</summary>
internal sealed class AwsStub : IAsyncDisposable
{
    public const string AccessKey = "AKIDEXAMPLE";
    public const string SecretKey = "not-a-secret";

    private readonly HttpServer _server;
    private readonly ConcurrentQueue<HttpHandler> _answers = new();
    private HttpHandler _last = (_, _) => Task.FromResult(HttpResponse.Text(200, "{}"));

    public AwsStub()
    {
        _server = new HttpServer(new IPEndPoint(IPAddress.Loopback, 0), AnswerAsync);
    }

    public ConcurrentQueue<HttpRequest> Requests { get; } = new();

    public string Address => _server.BaseAddress;

    /// <summary>Adds an answer.</summary>
    public AwsStub Then(int status, string body, params (string Name, string Value)[] headers) => Then((_, _) =>
    {
        HttpResponse response = HttpResponse.Text(status, body);
        foreach ((string name, string value) in headers)
        {
            response.Headers.Add(name, value);
        }

        return Task.FromResult(response);
    });

    public AwsStub Then(HttpHandler answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    /// <summary>Never answers until the client hangs up or the server closes.</summary>
    public AwsStub ThenSilence() => Then(async (_, token) =>
    {
        TaskCompletionSource never = new();
        await never.Task.WaitAsync(token);
        return HttpResponse.Text(500, string.Empty);
    });

    /// <summary>A context that calls this endpoint with keys of no account.</summary>
    public AwsContext Connect(TimeSpan? callTimeout = null, string region = "eu-central-1") => AwsContext.Create(new AwsOptions
    {
        AccessKey = AccessKey,
        SecretKey = SecretKey,
        SessionToken = "not-a-token",
        Region = region,
        EndpointUrl = Address,
        Environment = new AwsEnvironment(_ => null, Path.Combine(Path.GetTempPath(), "ssmtools-no-home")),
        CallTimeout = callTimeout ?? TimeSpan.FromSeconds(20),
        MaxBackoff = TimeSpan.FromMilliseconds(1),
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<HttpResponse> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        if (_answers.TryDequeue(out HttpHandler? next))
        {
            _last = next;
        }

        return _last(request, cancellationToken);
    }
}
