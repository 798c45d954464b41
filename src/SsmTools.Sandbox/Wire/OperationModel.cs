namespace SsmTools.Sandbox.Wire;

/// <summary>An operation of a service model.</summary>
internal sealed record OperationModel(string Name, Shape? Input, Shape? Output, string? ResultWrapper)
{
    /// <summary>Gets the HTTP method, where operations are told by it.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>Gets the path with labels in braces, where operations are told by it.</summary>
    public string Path { get; init; } = "/";
}
