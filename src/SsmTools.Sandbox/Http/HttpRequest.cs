namespace SsmTools.Sandbox.Http;

/// <summary>One request with its whole body.</summary>
internal sealed class HttpRequest
{
    private IReadOnlyList<KeyValuePair<string, string>>? _query;

    /// <summary>The method as sent, for example <c>POST</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query exactly as sent, still percent-encoded: what signatures are made over.</summary>
    public required string RawTarget { get; init; }

    /// <summary>The header fields.</summary>
    public HttpHeaders Headers { get; init; } = [];

    /// <summary>The body; empty where there is none.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>False for HTTP/1.0, which knows neither chunks nor lasting connections.</summary>
    public bool IsHttp11 { get; init; } = true;

    /// <summary>Whether it came through TLS.</summary>
    public bool IsSecure { get; set; }

    /// <summary>The path as sent, without the query.</summary>
    public string RawPath => RawTarget.Split('?', 2)[0];

    /// <summary>The path, decoded.</summary>
    public string Path => Uri.UnescapeDataString(RawPath);

    /// <summary>The query as sent, without the question mark; empty where there is none.</summary>
    public string RawQuery => RawTarget.Split('?', 2) is [_, string query] ? query : string.Empty;

    /// <summary>The names and values of the query, decoded, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query => _query ??= FormEncoding.Parse(RawQuery);

    /// <summary>The first value of that name in the query; null where there is none.</summary>
    public string? GetQuery(string name) =>
        Query.Where(pair => pair.Key == name).Select(pair => pair.Value).FirstOrDefault();

    /// <summary>Whether the client asks to go on in another protocol.</summary>
    public bool IsUpgrade => Headers.HasToken("Connection", "Upgrade");
}
