namespace SsmTools.Engine.Aws;

/// <summary>How errors with certain codes are told.</summary>
/// <param name="Id">The stable id.</param>
/// <param name="Kind">The sort of failure.</param>
/// <param name="Sentence">What happened, with {action}, {target}, {code} and the service's {reason}.</param>
/// <param name="Recommendation">What to do, with {action} and {target}.</param>
internal sealed record AwsErrorRule(string Id, ErrorKind Kind, string Sentence, string? Recommendation)
{
    public string? Advice(string action, string? target) => Recommendation?
        .Replace("{action}", action, StringComparison.Ordinal)
        .Replace("{target}", target ?? "<id>", StringComparison.Ordinal);
}
