using SsmTools.Sandbox.Http;

namespace SsmTools.Sandbox.Security;

/// <summary>A Signature Version 4 as it came, in the Authorization field or in the query. Not checked yet.</summary>
internal sealed record RequestSignature
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    public required string AccessKeyId { get; init; }

    /// <summary>Gets the day in the scope: yyyyMMdd.</summary>
    public required string Day { get; init; }

    public required string Region { get; init; }

    public required string Service { get; init; }

    public required IReadOnlyList<string> SignedHeaders { get; init; }

    public required string Signature { get; init; }

    /// <summary>Gets the time of signing as text: yyyyMMddTHHmmssZ.</summary>
    public required string Time { get; init; }

    public string? SessionToken { get; init; }

    /// <summary>Gets a presigned request's life in seconds; null when the signature is in the header.</summary>
    public string? ExpiresIn { get; init; }

    public string Scope => $"{Day}/{Region}/{Service}/aws4_request";

    /// <summary>Whether the request carries anything that means to be a signature.</summary>
    public static bool IsPresent(HttpRequest request)
    {
        return request.Headers.Contains("Authorization") || request.GetQuery("X-Amz-Algorithm") is not null
            || request.GetQuery("X-Amz-Signature") is not null;
    }

    /// <summary>Reads the signature; null when a part is missing or malformed.</summary>
    public static RequestSignature? Read(HttpRequest request)
    {
        IReadOnlyList<string> fields = request.Headers.GetValues("Authorization");
        return fields.Count switch
        {
            0 => ReadQuery(request),
            1 => ReadHeader(request, fields[0]),
            _ => null,
        };
    }

    private static RequestSignature? ReadHeader(HttpRequest request, string field)
    {
        if (!field.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            return null;
        }

        Dictionary<string, string> parts = new(StringComparer.Ordinal);
        foreach (string part in field[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is not [string name, string value] || !parts.TryAdd(name, value))
            {
                return null;
            }
        }

        return Create(
            parts.GetValueOrDefault("Credential"), parts.GetValueOrDefault("SignedHeaders"), parts.GetValueOrDefault("Signature"),
            Single(request.Headers.GetValues("X-Amz-Date")), request.Headers["X-Amz-Security-Token"], null);
    }

    private static RequestSignature? ReadQuery(HttpRequest request)
    {
        return Query("X-Amz-Algorithm") == Algorithm && Query("X-Amz-Expires") is string expires
            ? Create(
                Query("X-Amz-Credential"), Query("X-Amz-SignedHeaders"), Query("X-Amz-Signature"), Query("X-Amz-Date"),
                Query("X-Amz-Security-Token"), expires)
            : null;

        string? Query(string name) => Single([.. request.Query.Where(pair => pair.Key == name).Select(pair => pair.Value)]);
    }

    private static string? Single(IReadOnlyList<string> values) => values.Count == 1 ? values[0] : null;

    private static RequestSignature? Create(
        string? credential, string? signedHeaders, string? signature, string? time, string? token, string? expires)
    {
        return credential?.Split('/') is [string key, string day, string region, string service, "aws4_request"]
            && key.Length > 0 && !string.IsNullOrEmpty(signedHeaders) && !string.IsNullOrEmpty(signature) && !string.IsNullOrEmpty(time)
            ? new RequestSignature
            {
                AccessKeyId = key,
                Day = day,
                Region = region,
                Service = service,
                SignedHeaders = signedHeaders.Split(';'),
                Signature = signature,
                Time = time,
                SessionToken = token,
                ExpiresIn = expires,
            }
            : null;
    }
}
