namespace SsmTools.ApiGenerator.Model;

/// <summary>A member of a structure, or the element of a list or map, which then has no name.</summary>
internal sealed record Member(string Name, string ShapeName)
{
    public string? LocationName { get; init; }

    /// <summary>EC2's name for the member in requests, where it differs from the one in responses.</summary>
    public string? QueryName { get; init; }

    /// <summary>REST: where a member of a request goes that is not in its body, <c>uri</c> or <c>querystring</c>.</summary>
    public string? Location { get; init; }

    /// <summary>The client makes the value up when the caller gave none, so that retries are safe.</summary>
    public bool IsIdempotencyToken { get; init; }
}
