namespace SsmTools.Sandbox.World;

/// <summary>An object that comes in parts.</summary>
internal sealed class MultipartUpload
{
    public required string Key { get; init; }

    public required string ContentType { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public ObjectEncryption? Encryption { get; init; }

    /// <summary>Gets the parts that came, by number.</summary>
    public SortedDictionary<int, byte[]> Parts { get; } = [];
}
