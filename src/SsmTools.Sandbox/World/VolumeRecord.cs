namespace SsmTools.Sandbox.World;

/// <summary>A volume.</summary>
internal sealed class VolumeRecord : Resource
{
    public override string ResourceType => "volume";

    public required string Zone { get; init; }

    public required int SizeGiB { get; init; }

    public required string VolumeType { get; init; }

    public required string SnapshotId { get; init; }

    public required string Device { get; init; }

    public required DateTimeOffset Created { get; init; }

    public bool Encrypted { get; init; }

    public bool DeleteOnTermination { get; init; } = true;

    public string? InstanceId { get; set; }
}
