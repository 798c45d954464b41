using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.S3;

/// <summary>S3's refusals.</summary>
internal static class StorageError
{
    /// <summary>Under which a refusal carries the Region of the bucket that it is about.</summary>
    public const string Region = "x-amz-bucket-region";

    public static ServiceError Create(string code, string message, int status = 400) => new(code, message, status);

    public static ServiceError Elsewhere(BucketRecord bucket)
    {
        ServiceError error = new(
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint. "
                + "Please send all future requests to this endpoint.",
            301);
        error.Data[Region] = bucket.Region;
        return error;
    }
}
