namespace SsmTools.Engine.Objects;

/// <summary>An object as a listing tells of it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Modified">When it was written, UTC.</param>
internal sealed record ObjectEntry(string Key, long Size, DateTime Modified);
