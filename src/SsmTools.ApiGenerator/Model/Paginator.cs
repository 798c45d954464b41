namespace SsmTools.ApiGenerator.Model;

/// <summary>How the pages of an operation hang together; the names are members of its input and output.</summary>
internal sealed record Paginator(string InputToken, string OutputToken, string? MoreResults, string ResultKey);
