using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Iam;

/// <summary>IAM's errors in its words.</summary>
internal static class IamErrors
{
    public static ServiceError NoSuchEntity(string message) => new("NoSuchEntity", message, 404);

    public static ServiceError AlreadyExists(string message) => new("EntityAlreadyExists", message, 409);

    public static ServiceError DeleteConflict(string message) => new("DeleteConflict", message, 409);

    public static ServiceError LimitExceeded(string message) => new("LimitExceeded", message, 409);

    public static ServiceError InvalidInput(string message) => new("InvalidInput", message);

    public static ServiceError Malformed(string message) => new("MalformedPolicyDocument", message);

    public static ServiceError BadMarker() => new("ValidationError", "Invalid Marker.");
}
