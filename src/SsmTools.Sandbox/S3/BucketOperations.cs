using System.Text.RegularExpressions;
using System.Xml.Linq;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.S3;

/// <summary>S3's operations on buckets.</summary>
internal static partial class BucketOperations
{
    private const string FirstRegion = "us-east-1";

    public static HttpResponse List(StorageCall call)
    {
        string prefix = call.Request.GetQuery("prefix") ?? "";
        string? region = call.Request.GetQuery("bucket-region");
        int most = Listing.Size(call.Request.GetQuery("max-buckets"), 10_000);
        (IReadOnlyList<BucketRecord> page, string? next) = Paging.Page(
            call.World.Buckets.Values.Where(
                one => one.Name.StartsWith(prefix, StringComparison.Ordinal) && (region is null || one.Region == region)),
            one => one.Name,
            "buckets",
            most,
            call.Request.GetQuery("continuation-token"),
            Listing.BadToken);
        return StorageApi.Xml(StorageXml.Element(
            "ListAllMyBucketsResult",
            StorageXml.Element("Owner", StorageXml.Element("ID", call.World.AccountId)),
            StorageXml.Element("Buckets", page.Select(one => StorageXml.Element(
                "Bucket",
                StorageXml.Element("Name", one.Name),
                StorageXml.Element("CreationDate", StorageXml.Time(one.Created)),
                StorageXml.Element("BucketRegion", one.Region)))),
            next is null ? null : StorageXml.Element("ContinuationToken", next)));
    }

    public static HttpResponse Create(StorageCall call)
    {
        string name = call.Route.Bucket;
        if (!Name().IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
        {
            throw StorageError.Create("InvalidBucketName", "The specified bucket is not valid.");
        }

        string? place = call.Request.Body.Length == 0 ? null : StorageXml.Read(call.Request.Body, "CreateBucketConfiguration")
            .Descendants().FirstOrDefault(one => one.Name.LocalName == "LocationConstraint")?.Value;

        // The oldest European Region still goes by the name that it had when it was the only one.
        if ((place is "EU" ? "eu-west-1" : place ?? FirstRegion) != call.Region)
        {
            throw StorageError.Create(
                "IllegalLocationConstraintException",
                $"The {place ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.");
        }

        if (call.World.Buckets.ContainsKey(name))
        {
            throw StorageError.Create(
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.",
                409);
        }

        call.World.Buckets.Add(name, new BucketRecord { Name = name, Region = call.Region, Created = call.World.Now });
        HttpResponse response = new(200);
        response.Headers.Add("Location", $"/{name}");
        return response;
    }

    public static HttpResponse Head(StorageCall call)
    {
        HttpResponse response = new(200, contentType: "application/xml");
        response.Headers.Add(StorageError.Region, call.Bucket().Region);
        return response;
    }

    public static HttpResponse Delete(StorageCall call)
    {
        BucketRecord bucket = call.Bucket();
        if (bucket.Objects.Count > 0)
        {
            throw StorageError.Create("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
        }

        call.World.Buckets.Remove(bucket.Name);
        return new HttpResponse(204);
    }

    /// <summary>Answers wherever the bucket is: that is what it is for.</summary>
    public static HttpResponse GetLocation(StorageCall call)
    {
        string region = call.Bucket(anywhere: true).Region;
        XElement place = StorageXml.Element("LocationConstraint");
        if (region != FirstRegion)
        {
            place.Value = region;
        }

        return StorageApi.Xml(place);
    }

    public static HttpResponse GetEncryption(StorageCall call) => call.Bucket().Encryption is { } encryption
        ? StorageApi.Xml(EncryptionXml.Write(encryption))
        : throw StorageError.Create(
            "ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found", 404);

    public static HttpResponse PutEncryption(StorageCall call)
    {
        call.Bucket().Encryption = EncryptionXml.Read(call.Request.Body);
        return new HttpResponse(200);
    }

    public static HttpResponse DeleteEncryption(StorageCall call)
    {
        call.Bucket().Encryption = ObjectEncryption.Default;
        return new HttpResponse(204);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
