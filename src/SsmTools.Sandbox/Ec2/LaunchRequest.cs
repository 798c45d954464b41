using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>A launch that was checked: everything found, nothing made yet.</summary>
internal sealed record LaunchRequest
{
    public required int Count { get; init; }

    public required ImageRecord Image { get; init; }

    public required InstanceTypeRecord Type { get; init; }

    public required LaunchNetwork Network { get; init; }

    public required MetadataSettings Metadata { get; init; }

    public required LaunchVolume Volume { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> InstanceTags { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> VolumeTags { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> InterfaceTags { get; init; }

    public ProfileAssociation? Profile { get; init; }

    public KeyPairRecord? KeyPair { get; init; }

    public string? UserData { get; init; }

    public string? ClientToken { get; init; }

    public bool TerminationProtected { get; init; }
}
