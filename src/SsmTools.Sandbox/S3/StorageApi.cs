using System.Xml.Linq;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.S3;

/// <summary>S3, written by hand: its operations are in methods, paths and queries, and no model of it is at hand.</summary>
internal sealed class StorageApi(SandboxWorld world)
{
    public const string Service = "s3";

    private static readonly Dictionary<string, Operation> s_operations = new(StringComparer.Ordinal)
    {
        ["ListBuckets"] = new("s3:ListAllMyBuckets", BucketOperations.List),
        ["CreateBucket"] = new("s3:CreateBucket", BucketOperations.Create),
        ["HeadBucket"] = new("s3:ListBucket", BucketOperations.Head),
        ["DeleteBucket"] = new("s3:DeleteBucket", BucketOperations.Delete),
        ["GetBucketLocation"] = new("s3:GetBucketLocation", BucketOperations.GetLocation),
        ["GetBucketEncryption"] = new("s3:GetEncryptionConfiguration", BucketOperations.GetEncryption),
        ["PutBucketEncryption"] = new("s3:PutEncryptionConfiguration", BucketOperations.PutEncryption),
        ["DeleteBucketEncryption"] = new("s3:PutEncryptionConfiguration", BucketOperations.DeleteEncryption),
        ["ListObjectsV2"] = new("s3:ListBucket", Listing.Objects),
        ["PutObject"] = new("s3:PutObject", ObjectOperations.Put),
        ["GetObject"] = new("s3:GetObject", ObjectOperations.Get),
        ["HeadObject"] = new("s3:GetObject", ObjectOperations.Get),
        ["DeleteObject"] = new("s3:DeleteObject", ObjectOperations.Delete),
        ["CreateMultipartUpload"] = new("s3:PutObject", MultipartOperations.Create),
        ["UploadPart"] = new("s3:PutObject", MultipartOperations.PutPart),
        ["CompleteMultipartUpload"] = new("s3:PutObject", MultipartOperations.Complete),
        ["AbortMultipartUpload"] = new("s3:AbortMultipartUpload", MultipartOperations.Abort),
    };

    public static HttpResponse Xml(XElement body) => new(200, StorageXml.Write(body), "application/xml");

    /// <summary>Answers a call that was let in.</summary>
    public HttpResponse Handle(HttpRequest request, Principal caller, string requestId)
    {
        StorageRoute route = StorageRoute.Read(request);
        try
        {
            Operation operation = route.Operation is string name ? s_operations[name] : throw StorageError.Create(
                "NotImplemented", "A header or query you provided implies functionality that is not implemented.", 501);
            StorageCall call = new(world, caller, request, route, RequestSignature.Read(request)!.Region);
            call.Demand(operation.Action);
            lock (world.Gate)
            {
                return Finish(operation.Run(call), requestId);
            }
        }
        catch (ServiceError error)
        {
            return Refuse(error, request, requestId);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            System.Diagnostics.Trace.TraceError($"{Service}: {e}");
            return Refuse(ErrorWords.Internal(WireProtocol.RestXml), request, requestId);
        }
    }

    public HttpResponse Refuse(ServiceError error, HttpRequest request, string requestId)
    {
        XElement body = new(
            "Error",
            new XElement("Code", error.Code),
            new XElement("Message", error.Message),
            new XElement("Resource", request.RawPath),
            new XElement("RequestId", requestId));
        HttpResponse response = new(error.Status, StorageXml.Write(body), "application/xml");
        if (error.Data[StorageError.Region] is string region)
        {
            response.Headers.Add(StorageError.Region, region);
        }

        return Finish(response, requestId);
    }

    private HttpResponse Finish(HttpResponse response, string requestId)
    {
        response.Headers.Add("x-amz-request-id", requestId);
        response.Headers.Add("Date", world.Now.ToString("r", System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }

    private sealed record Operation(string Action, Func<StorageCall, HttpResponse> Run);
}
