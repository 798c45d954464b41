namespace SsmTools.Engine.Objects;

/// <summary>
/// What the engine asks of S3: as little as it needs, so that the library behind it stays behind it. A bucket in another
/// Region is asked there.
/// </summary>
internal interface IObjectStore : IDisposable
{
    /// <summary>The names of the account's buckets, in their order.</summary>
    /// <param name="prefix">What they begin with; empty for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<string> ListBucketsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Where a bucket is: its Region, for example <c>eu-central-1</c>.</summary>
    /// <exception cref="EngineException">BucketNotFound, AccessDenied, and whatever else a call can fail with.</exception>
    Task<string> ReadRegionAsync(string bucket, CancellationToken cancellationToken);

    /// <summary>How a bucket encrypts what is written into it.</summary>
    /// <exception cref="EngineException">BucketNotFound, AccessDenied…</exception>
    Task<BucketEncryption> ReadEncryptionAsync(string bucket, CancellationToken cancellationToken);

    /// <summary>A bucket's objects, in the order of their keys.</summary>
    /// <exception cref="EngineException">BucketNotFound, AccessDenied…</exception>
    IAsyncEnumerable<ObjectEntry> ListAsync(string bucket, string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// An object's bytes, piece by piece, however long it is. A piece is good until the next one is asked for. An object
    /// that is replaced meanwhile ends in an error rather than in a mixture.
    /// </summary>
    /// <exception cref="EngineException">BucketNotFound, ObjectNotFound, AccessDenied…</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string bucket, string key, CancellationToken cancellationToken);
}
