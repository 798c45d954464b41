namespace SsmTools.Engine.Provisioning;

/// <summary>One short name's images.</summary>
/// <param name="Name">The short name.</param>
/// <param name="X64Parameter">The public parameter that holds the image id for x86_64.</param>
/// <param name="Arm64Parameter">The same for arm64; null where the vendor has none.</param>
internal sealed record ImageFamily(string Name, string X64Parameter, string? Arm64Parameter)
{
    /// <summary>Whether the image brings the Systems Manager agent.</summary>
    public bool HasAgent { get; init; } = true;

    /// <summary>The public parameter for an architecture; null where the vendor has no such image.</summary>
    public string? Parameter(string architecture) =>
        architecture == Architectures.Arm64 ? Arm64Parameter : X64Parameter;
}
