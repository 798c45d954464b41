namespace SsmTools.Sandbox.World;

/// <summary>How an instance's metadata can be read.</summary>
internal sealed record MetadataSettings
{
    public bool Enabled { get; init; } = true;

    public bool TokenRequired { get; init; } = true;

    public int HopLimit { get; init; } = 2;

    public bool TagsEnabled { get; init; }
}
