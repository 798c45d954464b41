using System.Globalization;
using System.Net;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Metadata;

/// <summary>
/// The metadata endpoint of one instance, on a loopback port of its own instead of 169.254.169.254 (IMDS, version 2, and
/// version 1 where the instance allows it). It hands out the instance's credentials to whoever can reach the port, as
/// the real one does to whatever runs on the instance; that a proxy passes nothing on is all the protection there is.
/// </summary>
internal sealed class MetadataServer : IAsyncDisposable
{
    private const string TokenField = "X-aws-ec2-metadata-token";
    private const string LifetimeField = "X-aws-ec2-metadata-token-ttl-seconds";
    private const int MaxLifetime = 21600;

    private readonly SandboxWorld _world;
    private readonly InstanceRecord _instance;
    private readonly MetadataTokens _tokens;
    private readonly MetadataTree _tree;
    private readonly HttpServer _server;

    public MetadataServer(SandboxWorld world, CredentialStore credentials, InstanceRecord instance)
    {
        _world = world;
        _instance = instance;
        _tokens = new MetadataTokens(world.Clock);
        _tree = new MetadataTree(world, instance, new MetadataCredentials(world, credentials, instance));
        _server = new HttpServer(new IPEndPoint(IPAddress.Loopback, 0), HandleAsync, timeProvider: world.Clock.Inner);
    }

    /// <summary>What AWS_EC2_METADATA_SERVICE_ENDPOINT is on the instance.</summary>
    public string Endpoint => _server.BaseAddress;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<HttpResponse> HandleAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        HttpResponse response = Handle(request);
        response.Headers["Server"] = "EC2ws";
        return Task.FromResult(response);
    }

    private HttpResponse Handle(HttpRequest request)
    {
        MetadataSettings settings;
        lock (_world.Gate)
        {
            settings = _instance.Metadata;
        }

        if (!settings.Enabled || request.Headers.Contains("X-Forwarded-For"))
        {
            return Error(403, "Forbidden");
        }

        if (request.Method == "PUT")
        {
            return IssueToken(request);
        }

        if (request.Method is not ("GET" or "HEAD"))
        {
            return Error(405, "Method Not Allowed");
        }

        bool hasToken = request.Headers.TryGetValue(TokenField, out string? token);
        if (hasToken ? !_tokens.IsValid(token!) : settings.TokenRequired)
        {
            return Error(401, "Unauthorized");
        }

        return Read(request.Path);
    }

    private HttpResponse IssueToken(HttpRequest request)
    {
        if (request.Path != "/latest/api/token")
        {
            return Error(405, "Method Not Allowed");
        }

        if (!int.TryParse(request.Headers[LifetimeField], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ||
            seconds is < 1 or > MaxLifetime)
        {
            return Error(400, "Bad Request");
        }

        HttpResponse response = HttpResponse.Text(200, _tokens.Issue(TimeSpan.FromSeconds(seconds)));
        response.Headers[LifetimeField] = seconds.ToString(CultureInfo.InvariantCulture);
        return response;
    }

    private HttpResponse Read(string path)
    {
        // Versions by date are there too and say the same here.
        string[] parts = path.Split('/', 3);
        string version = parts.Length > 1 ? parts[1] : "";
        if (version.Length == 0)
        {
            return HttpResponse.Text(200, "latest");
        }

        bool isVersion = version == "latest" ||
            DateOnly.TryParseExact(version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        string rest = parts.Length == 3 ? parts[2] : "";
        return isVersion && _tree.Read(rest) is string text ? HttpResponse.Text(200, text) : Error(404, "Not Found");
    }

    private static HttpResponse Error(int status, string title) => HttpResponse.Text(
        status,
        $"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<html><head><title>{status} - {title}</title></head>"
            + $"<body><h1>{status} - {title}</h1></body></html>\n",
        "text/html");
}
