namespace SsmTools.Sandbox.World;

/// <summary>An object of S3.</summary>
/// <param name="Content">Its bytes. Not to be changed.</param>
/// <param name="ETag">The quoted tag of its content.</param>
/// <param name="ContentType">As the writer gave it.</param>
/// <param name="Metadata">The writer's own fields, names in small letters.</param>
/// <param name="Encryption">How it lies there.</param>
/// <param name="Modified">When it was written.</param>
internal sealed record ObjectRecord(
    byte[] Content,
    string ETag,
    string ContentType,
    IReadOnlyDictionary<string, string> Metadata,
    ObjectEncryption? Encryption,
    DateTimeOffset Modified);
