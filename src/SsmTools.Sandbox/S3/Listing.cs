using System.Globalization;
using System.Xml.Linq;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.S3;

/// <summary>Lists a bucket's objects, in pages; what shares a beginning up to a delimiter counts as one.</summary>
internal static class Listing
{
    private const int Most = 1000;

    public static HttpResponse Objects(StorageCall call)
    {
        HttpRequest request = call.Request;
        BucketRecord bucket = call.Bucket();
        string prefix = request.GetQuery("prefix") ?? "";
        string? delimiter = request.GetQuery("delimiter") is { Length: > 0 } given ? given : null;
        string after = request.GetQuery("start-after") ?? "";
        bool isEncoded = request.GetQuery("encoding-type") == "url";
        IEnumerable<string> entries = bucket.Objects.Keys
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0)
            .Select(key => Entry(key, prefix, delimiter)).Distinct();
        int size = Size(request.GetQuery("max-keys"), Most);
        (IReadOnlyList<string> page, string? next) = Paging.Page(
            entries, entry => entry, $"objects of {bucket.Name}", size, request.GetQuery("continuation-token"), BadToken);
        return StorageApi.Xml(StorageXml.Element(
            "ListBucketResult",
            StorageXml.Element("Name", bucket.Name),
            StorageXml.Element("Prefix", Text(prefix)),
            StorageXml.Element("MaxKeys", size.ToString(CultureInfo.InvariantCulture)),
            delimiter is null ? null : StorageXml.Element("Delimiter", Text(delimiter)),
            isEncoded ? StorageXml.Element("EncodingType", "url") : null,
            StorageXml.Element("KeyCount", page.Count.ToString(CultureInfo.InvariantCulture)),
            StorageXml.Element("IsTruncated", next is null ? "false" : "true"),
            next is null ? null : StorageXml.Element("NextContinuationToken", next),
            page.Where(IsKey).Select(key => Content(key, bucket.Objects[key])),
            page.Where(entry => !IsKey(entry)).Select(
                entry => StorageXml.Element("CommonPrefixes", StorageXml.Element("Prefix", Text(entry))))));

        bool IsKey(string entry) => bucket.Objects.ContainsKey(entry) && Entry(entry, prefix, delimiter) == entry
            && !(delimiter is not null && entry.Length > prefix.Length && entry.EndsWith(delimiter, StringComparison.Ordinal));

        string Text(string text) => isEncoded ? Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal) : text;

        XElement Content(string key, ObjectRecord one) => StorageXml.Element(
            "Contents",
            StorageXml.Element("Key", Text(key)),
            StorageXml.Element("LastModified", StorageXml.Time(one.Modified)),
            StorageXml.Element("ETag", one.ETag),
            StorageXml.Element("Size", one.Content.Length.ToString(CultureInfo.InvariantCulture)),
            StorageXml.Element("StorageClass", "STANDARD"));
    }

    /// <summary>How many items a page may have.</summary>
    public static int Size(string? asked, int most) => asked is null ? most
        : int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0
            ? Math.Min(size, most)
            : throw StorageError.Create("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647");

    public static ServiceError BadToken() => StorageError.Create("InvalidArgument", "The continuation token provided is incorrect");

    /// <summary>A key, or what it is counted under.</summary>
    private static string Entry(string key, string prefix, string? delimiter)
    {
        int end = delimiter is null ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return end < 0 ? key : key[..(end + delimiter!.Length)];
    }
}
