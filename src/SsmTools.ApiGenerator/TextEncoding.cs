namespace SsmTools.ApiGenerator;

/// <summary>An encoding of text inside a string member, which the clients undo.</summary>
internal enum TextEncoding
{
    None,

    /// <summary>Base64 of UTF-8, in both directions.</summary>
    Base64,

    /// <summary>Percent-encoded in responses only.</summary>
    Percent,
}
