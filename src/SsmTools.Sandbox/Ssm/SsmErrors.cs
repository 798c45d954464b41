using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Systems Manager's errors.</summary>
internal static class SsmErrors
{
    public static ServiceError BadToken() => new("InvalidNextToken", "The specified token isn't valid.");

    public static ServiceError NotConnected(string target) => new("TargetNotConnected", $"{target} is not connected.");

    /// <summary>As the service answers, which declares no such error (aws-samples/sagemaker-ssh-helper#11, #44).</summary>
    public static ServiceError StandardTier() =>
        new("BadRequest", "Enable advanced-instances tier to use Session Manager with your on-premises instances");

    public static ServiceError NoSession(string sessionId) => new("DoesNotExistException", $"Session {sessionId} does not exist.");

    public static ServiceError NotYourself(string caller, string id) =>
        new("AccessDeniedException", $"User: {caller} is not authorized to speak for {id}.");

    public static ServiceError InvalidParameters(string message) => new("InvalidParameters", message);
}
