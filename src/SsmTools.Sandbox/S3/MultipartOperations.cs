using System.Globalization;
using System.Xml.Linq;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.S3;

/// <summary>S3's uploads in parts, as clients make them of what is long.</summary>
internal static class MultipartOperations
{
    private const int MostParts = 10_000;

    public static HttpResponse Create(StorageCall call)
    {
        BucketRecord bucket = call.Bucket();
        string id = call.World.Ids.Uuid();
        ObjectEncryption? encryption = call.Encryption(bucket);
        bucket.Uploads.Add(id, new MultipartUpload
        {
            Key = call.Route.Key,
            ContentType = ObjectOperations.ContentType(call.Request),
            Metadata = ObjectOperations.Metadata(call.Request),
            Encryption = encryption,
        });
        HttpResponse response = StorageApi.Xml(StorageXml.Element(
            "InitiateMultipartUploadResult",
            StorageXml.Element("Bucket", bucket.Name),
            StorageXml.Element("Key", call.Route.Key),
            StorageXml.Element("UploadId", id)));
        ObjectOperations.Describe(encryption, response.Headers);
        return response;
    }

    public static HttpResponse PutPart(StorageCall call)
    {
        MultipartUpload upload = Find(call, out _);
        bool isNumber = int.TryParse(
            call.Request.GetQuery("partNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        if (!isNumber || number is < 1 or > MostParts)
        {
            throw StorageError.Create("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
        }

        ObjectOperations.CheckDigests(call.Request);
        upload.Parts[number] = call.Request.Body;
        HttpResponse response = new(200);
        response.Headers.Add("ETag", ObjectOperations.Tag(call.Request.Body));
        return response;
    }

    public static HttpResponse Complete(StorageCall call)
    {
        MultipartUpload upload = Find(call, out BucketRecord bucket);
        List<byte[]> parts = [];
        foreach (XElement part in StorageXml.Read(call.Request.Body, "CompleteMultipartUpload").Elements())
        {
            bool isKnown = int.TryParse(Value(part, "PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && upload.Parts.ContainsKey(number);
            if (!isKnown || Value(part, "ETag")?.Trim('"') != ObjectOperations.Tag(upload.Parts[number]).Trim('"'))
            {
                throw StorageError.Create(
                    "InvalidPart",
                    "One or more of the specified parts could not be found. The part may not have been uploaded, or the "
                        + "specified entity tag may not match the part's entity tag.");
            }

            parts.Add(upload.Parts[number]);
        }

        byte[] content = [.. parts.SelectMany(part => part)];
        string tag = $"\"{ObjectOperations.Tag(content).Trim('"')}-{parts.Count.ToString(CultureInfo.InvariantCulture)}\"";
        bucket.Objects[upload.Key] = new ObjectRecord(
            content, tag, upload.ContentType, upload.Metadata, upload.Encryption, call.World.Now);
        bucket.Uploads.Remove(call.Request.GetQuery("uploadId")!);
        return StorageApi.Xml(StorageXml.Element(
            "CompleteMultipartUploadResult",
            StorageXml.Element("Location", $"/{bucket.Name}/{upload.Key}"),
            StorageXml.Element("Bucket", bucket.Name),
            StorageXml.Element("Key", upload.Key),
            StorageXml.Element("ETag", tag)));
    }

    public static HttpResponse Abort(StorageCall call)
    {
        Find(call, out BucketRecord bucket);
        bucket.Uploads.Remove(call.Request.GetQuery("uploadId")!);
        return new HttpResponse(204);
    }

    private static string? Value(XElement part, string name) =>
        part.Elements().FirstOrDefault(one => one.Name.LocalName == name)?.Value;

    private static MultipartUpload Find(StorageCall call, out BucketRecord bucket)
    {
        bucket = call.Bucket();
        return bucket.Uploads.TryGetValue(call.Request.GetQuery("uploadId") ?? "", out MultipartUpload? upload)
            && upload.Key == call.Route.Key
            ? upload
            : throw StorageError.Create(
                "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
                404);
    }
}
