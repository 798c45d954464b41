namespace SsmTools.Engine.Aws.Runtime;

/// <summary>One operation on the wire.</summary>
/// <param name="Name">The operation's name.</param>
/// <param name="ResultWrapper">Query only: the element around the answer's members; null where there are none.</param>
/// <param name="Once">
/// Sending it twice could do the work twice: it is repeated only when the service refused it for its rate.
/// </param>
internal sealed record WireOperation(string Name, string? ResultWrapper, bool Once)
{
    /// <summary>The HTTP method; another one than POST in REST only.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The path; with labels such as <c>{Name}</c> in REST only.</summary>
    public string Path { get; init; } = "/";
}
