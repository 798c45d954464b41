using System.Net;

namespace SsmTools.Engine.Aws;

/// <summary>The error codes of the services that the engine calls, and what each means to a user.</summary>
internal static class AwsErrorTable
{
    // The service's text is left out wherever it may repeat the signed headers, which hold the session token.
    private static readonly AwsErrorRule s_denied = new(
        "AccessDenied",
        ErrorKind.PermissionDenied,
        "AWS refused {action} on {target}: {reason}.",
        "Ask for a policy that allows {action}, or use other credentials (-ProfileName).");

    private static readonly AwsErrorRule s_expired = new(
        "CredentialsExpired",
        ErrorKind.AuthenticationError,
        "The AWS credentials have expired; {action} was refused.",
        "Renew them: aws sso login, Invoke-AWSSSOLogin, or whatever issued them.");

    private static readonly AwsErrorRule s_invalid = new(
        "InvalidCredentials",
        ErrorKind.AuthenticationError,
        "AWS does not accept the credentials for {action} ({code}).",
        "Check access key, secret and session token, and that they are for this region (-Region) and endpoint.");

    private static readonly AwsErrorRule s_clock = new(
        "ClockSkewed",
        ErrorKind.AuthenticationError,
        "AWS refused the signature of {action}, because this machine's clock is more than five minutes off.",
        "Set this machine's clock, then run the command again.");

    private static readonly AwsErrorRule s_notConnected = new(
        "TargetNotConnected",
        ErrorKind.ResourceUnavailable,
        "{target} is not connected to Systems Manager.",
        "Find out why with: Test-SsmRegistration -InstanceId {target}");

    private static readonly AwsErrorRule s_standardTier = new(
        "AdvancedTierNeeded",
        ErrorKind.InvalidOperation,
        "Session Manager does not serve {target}: hybrid nodes here are in the standard-instances tier.",
        "Use Run Command instead (Invoke-SsmCommand), which it serves; or change the tier of all hybrid nodes, which costs by"
            + " the node and hour: Register-SsmNode with -Tier Advanced does so and tells the price.");

    private static readonly AwsErrorRule s_down = new(
        "ServiceUnavailable",
        ErrorKind.ResourceUnavailable,
        "AWS could not carry out {action} now ({code}): {reason}.",
        "Try again in a few minutes.");

    private static readonly AwsErrorRule s_throttled = new(
        "Throttled",
        ErrorKind.LimitsExceeded,
        "AWS refused {action} for the rate of calls ({code}), and the repetitions too.",
        "Wait a minute and run the command again, with fewer targets at a time.");

    private static readonly AwsErrorRule s_quota = new(
        "QuotaExceeded",
        ErrorKind.LimitsExceeded,
        "A quota of the account does not allow {action} ({code}): {reason}.",
        "Remove what is not needed, or ask for a higher quota in Service Quotas.");

    private static readonly AwsErrorRule s_badRequest = new(
        "InvalidRequest",
        ErrorKind.InvalidArgument,
        "AWS refused {action} on {target} as invalid ({code}): {reason}.",
        null);

    private static readonly AwsErrorRule s_other = new(
        "ServiceError",
        ErrorKind.InvalidOperation,
        "AWS refused {action} on {target} ({code}): {reason}.",
        null);

    private static readonly Dictionary<string, AwsErrorRule> s_rules = Build();

    public static AwsErrorRule Find(string code, string message, HttpStatusCode status)
    {
        // One code for two things: a wrong secret, and a wrong clock.
        if (code is "SignatureDoesNotMatch" or "InvalidSignatureException"
            && (message.Contains("Signature expired", StringComparison.Ordinal)
                || message.Contains("Signature not yet current", StringComparison.Ordinal)))
        {
            return s_clock;
        }

        if (code == "BadRequest" && message.Contains("advanced-instances tier", StringComparison.Ordinal))
        {
            return s_standardTier;
        }

        return s_rules.GetValueOrDefault(code) ?? BySuffix(code) ?? ByStatus((int)status);
    }

    private static AwsErrorRule? BySuffix(string code)
    {
        bool Ends(string suffix) => code.EndsWith(suffix, StringComparison.Ordinal);
        return Ends(".NotFound") || Ends("NotFoundException") ? Missing("NotFound", "{target}")
            : Ends("LimitExceeded") || Ends("LimitExceededException") || Ends("QuotaExceeded") ? s_quota
            : Ends(".Malformed") ? s_badRequest
            : null;
    }

    private static AwsErrorRule ByStatus(int status) => status switch
    {
        401 or 403 => s_denied,
        404 => Missing("NotFound", "{target}"),
        429 => s_throttled,
        >= 500 => s_down,
        _ => s_other,
    };

    private static AwsErrorRule Missing(string id, string what) => new(
        id,
        ErrorKind.ObjectNotFound,
        $"AWS knows no {what} ({{code}}): {{reason}}.",
        "Check the name, and that region (-Region) and account are the right ones.");

    private static Dictionary<string, AwsErrorRule> Build()
    {
        Dictionary<string, AwsErrorRule> rules = new(StringComparer.Ordinal);
        void Add(AwsErrorRule rule, params string[] codes) => Array.ForEach(codes, code => rules.Add(code, rule));

        Add(
            s_denied,
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "AuthorizationError",
            "OptInRequired");
        Add(s_expired, "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired");
        Add(
            s_invalid,
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InvalidAccessKeyId",
            "InvalidToken",
            "AuthFailure",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "InvalidSignatureException",
            "SignatureDoesNotMatch");
        Add(s_clock, "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");
        Add(s_notConnected, "TargetNotConnected");
        Add(
            s_down,
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "ServiceFailure",
            "Unavailable",
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "InternalServerException");
        Add(
            s_throttled,
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded",
            "SlowDown",
            "TooManyUpdates",
            "PriorRequestNotComplete",
            "EC2ThrottledException");
        Add(s_quota, "LimitExceeded", "InstanceLimitExceeded", "VcpuLimitExceeded", "MaxSpotInstanceCountExceeded");
        Add(
            s_badRequest,
            "ValidationException",
            "ValidationError",
            "InvalidParameterValue",
            "InvalidParameterCombination",
            "InvalidParameter",
            "InvalidParameters",
            "InvalidAutomationExecutionParametersException",
            "InvalidTarget",
            "MissingParameter",
            "InvalidInput",
            "InvalidFilterKey",
            "InvalidFilterValue",
            "MalformedPolicyDocument",
            "UnsupportedOperation",
            "Unsupported");
        AddMissing(Add);
        AddConflicts(Add);
        return rules;
    }

    private static void AddMissing(Action<AwsErrorRule, string[]> add)
    {
        void Add(string id, string what, params string[] codes) => add(Missing(id, what), codes);

        Add("InstanceNotFound", "instance {target} here",
            "InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed", "InvalidInstanceId",
            "InvalidInstanceInformationFilterValue");
        Add("SubnetNotFound", "subnet like that here",
            "InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed", "InvalidSubnetId.Malformed", "InvalidSubnet");
        Add("ImageNotFound", "image like that here",
            "InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable");
        Add("InstanceTypeNotFound", "instance type {target} here", "InvalidInstanceType");
        Add("SecurityGroupNotFound", "security group like that here",
            "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidSecurityGroupID.NotFound");
        Add("VpcNotFound", "VPC like that here", "InvalidVpcID.NotFound", "InvalidVpcID.Malformed");
        Add("EntityNotFound", "role, policy or profile like that", "NoSuchEntity", "NoSuchEntityException");
        Add("BucketNotFound", "bucket like that: {target}", "NoSuchBucket");
        Add("ObjectNotFound", "object {target}", "NoSuchKey");
        Add("ParameterNotFound", "parameter like that here", "ParameterNotFound", "ParameterVersionNotFound");
        Add("DocumentNotFound", "session document like that here", "InvalidDocument");
        Add("SessionNotFound", "session {target} here", "DoesNotExistException");
    }

    private static void AddConflicts(Action<AwsErrorRule, string[]> add)
    {
        void Add(string id, ErrorKind kind, string sentence, string? advice, params string[] codes) =>
            add(new AwsErrorRule(id, kind, sentence, advice), codes);

        Add("AlreadyExists", ErrorKind.ResourceExists,
            "{target} exists already: {reason}.",
            "Choose another name, or use what exists.",
            "EntityAlreadyExists", "InvalidGroup.Duplicate");
        Add("TokenUsedOtherwise", ErrorKind.ResourceExists,
            "The client token was used for a different request before: {reason}.",
            "Give another client token, or repeat the first request unchanged.",
            "IdempotentParameterMismatch");
        Add("StillInUse", ErrorKind.ResourceBusy,
            "{target} is still in use, so {action} was refused: {reason}.",
            "Detach what uses it, then run the command again.",
            "DeleteConflict", "DependencyViolation", "ResourceInUse");
        Add("ConcurrentChange", ErrorKind.ResourceBusy,
            "{target} was changed by someone else at the same time: {reason}.",
            "Run the command again.",
            "ConcurrentModification", "ConcurrentModificationException");
        Add("WrongState", ErrorKind.ResourceUnavailable,
            "{target} is not in a state that allows {action}: {reason}.",
            "Wait for it to settle, then run the command again.",
            "IncorrectInstanceState", "IncorrectState", "InvalidInstanceState");
        Add("InsufficientCapacity", ErrorKind.ResourceUnavailable,
            "AWS has no capacity for {action} now: {reason}.",
            "Try another instance type, or a subnet in another zone.",
            "InsufficientInstanceCapacity", "InsufficientCapacity", "InsufficientHostCapacity");
        Add("SubnetFull", ErrorKind.LimitsExceeded,
            "The subnet has no free addresses left for {action}: {reason}.",
            "Choose another subnet, or remove what is not needed in this one.",
            "InsufficientFreeAddressesInSubnet");
        Add("Unmodifiable", ErrorKind.InvalidOperation,
            "{target} belongs to an AWS service and cannot be changed: {reason}.",
            null,
            "UnmodifiableEntity");
    }
}
