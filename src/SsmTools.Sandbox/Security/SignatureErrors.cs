using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Security;

/// <summary>What each protocol calls the same refusal.</summary>
internal static class SignatureErrors
{
    public static ServiceError Create(SignatureFault fault, WireProtocol protocol, string? message = null)
    {
        (string code, int status) = protocol switch
        {
            WireProtocol.Json => (JsonCode(fault), 400),
            WireProtocol.RestJson => (JsonCode(fault), 403),
            WireProtocol.Ec2 => Ec2Code(fault),
            WireProtocol.RestXml => StorageCode(fault),
            _ => QueryCode(fault),
        };
        return new ServiceError(code, message ?? Message(fault, protocol), status);
    }

    private static string JsonCode(SignatureFault fault) => fault switch
    {
        SignatureFault.Missing => "MissingAuthenticationTokenException",
        SignatureFault.Incomplete => "IncompleteSignatureException",
        SignatureFault.UnknownKey => "UnrecognizedClientException",
        SignatureFault.Expired => "ExpiredTokenException",
        SignatureFault.Denied => "AccessDeniedException",
        _ => "InvalidSignatureException",
    };

    private static (string Code, int Status) QueryCode(SignatureFault fault) => fault switch
    {
        SignatureFault.Missing => ("MissingAuthenticationToken", 403),
        SignatureFault.Incomplete => ("IncompleteSignature", 400),
        SignatureFault.UnknownKey => ("InvalidClientTokenId", 403),
        SignatureFault.Expired => ("ExpiredToken", 403),
        SignatureFault.Denied => ("AccessDenied", 403),
        _ => ("SignatureDoesNotMatch", 403),
    };

    private static (string Code, int Status) Ec2Code(SignatureFault fault) => fault switch
    {
        SignatureFault.Missing => ("MissingAuthenticationToken", 403),
        SignatureFault.Incomplete => ("IncompleteSignature", 400),
        SignatureFault.Denied => ("UnauthorizedOperation", 403),
        SignatureFault.WrongTime or SignatureFault.Expired => ("RequestExpired", 400),
        _ => ("AuthFailure", 401),
    };

    private static (string Code, int Status) StorageCode(SignatureFault fault) => fault switch
    {
        SignatureFault.Missing or SignatureFault.Denied => ("AccessDenied", 403),
        SignatureFault.Incomplete => ("AuthorizationHeaderMalformed", 400),
        SignatureFault.UnknownKey => ("InvalidAccessKeyId", 403),
        SignatureFault.Expired => ("ExpiredToken", 400),
        SignatureFault.WrongTime => ("RequestTimeTooSkewed", 403),
        _ => ("SignatureDoesNotMatch", 403),
    };

    private static string Message(SignatureFault fault, WireProtocol protocol) => (fault, protocol) switch
    {
        (SignatureFault.Missing or SignatureFault.Denied, WireProtocol.RestXml) => "Access Denied",
        (SignatureFault.UnknownKey, WireProtocol.RestXml) => "The AWS Access Key Id you provided does not exist in our records.",
        (SignatureFault.Missing, _) => "Request is missing Authentication Token",
        (SignatureFault.Incomplete, _) => "The request signature does not conform to AWS standards.",
        (SignatureFault.Denied, _) => "You are not authorized to perform this operation.",
        (SignatureFault.WrongTime or SignatureFault.Expired, WireProtocol.Ec2) => "Request has expired.",
        (SignatureFault.UnknownKey or SignatureFault.WrongSignature, WireProtocol.Ec2) =>
            "AWS was not able to validate the provided access credentials",
        (SignatureFault.Expired, _) => "The security token included in the request is expired",
        (SignatureFault.UnknownKey, _) => "The security token included in the request is invalid.",
        _ => "The request signature we calculated does not match the signature you provided. "
            + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    };
}
