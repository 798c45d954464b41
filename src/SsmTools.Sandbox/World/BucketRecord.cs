namespace SsmTools.Sandbox.World;

/// <summary>A bucket of S3.</summary>
internal sealed class BucketRecord
{
    public required string Name { get; init; }

    public required string Region { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>
    /// Gets or sets how what is written is encrypted where the writer does not say; null for not at all, as buckets were
    /// before 2023.
    /// </summary>
    public ObjectEncryption? Encryption { get; set; } = ObjectEncryption.Default;

    /// <summary>Gets what is in it, by key.</summary>
    public SortedDictionary<string, ObjectRecord> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the uploads in parts that are not complete yet, by id.</summary>
    public Dictionary<string, MultipartUpload> Uploads { get; } = new(StringComparer.Ordinal);
}
