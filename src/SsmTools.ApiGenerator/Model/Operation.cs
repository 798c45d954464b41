namespace SsmTools.ApiGenerator.Model;

/// <summary>A call of a service. Input and output name shapes; a call without output answers with metadata only.</summary>
internal sealed record Operation(string Name, string? Input, string? Output)
{
    /// <summary>The element that the query protocol puts around the output's members.</summary>
    public string? ResultWrapper { get; init; }

    /// <summary>REST: the method.</summary>
    public string HttpMethod { get; init; } = "POST";

    /// <summary>REST: the path, with labels such as <c>{Name}</c>.</summary>
    public string RequestUri { get; init; } = "/";

    public Paginator? Paginator { get; init; }
}
