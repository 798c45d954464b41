using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using SsmTools.Engine;
using SsmTools.Engine.Aws;
using Xunit;

namespace SsmTools.Tests.Aws;

public sealed class AwsErrorsTests
{
    [Theory]
    [InlineData("AccessDenied", "AccessDenied", ErrorKind.PermissionDenied)]
    [InlineData("AccessDeniedException", "AccessDenied", ErrorKind.PermissionDenied)]
    [InlineData("UnauthorizedOperation", "AccessDenied", ErrorKind.PermissionDenied)]
    [InlineData("ExpiredToken", "CredentialsExpired", ErrorKind.AuthenticationError)]
    [InlineData("ExpiredTokenException", "CredentialsExpired", ErrorKind.AuthenticationError)]
    [InlineData("InvalidClientTokenId", "InvalidCredentials", ErrorKind.AuthenticationError)]
    [InlineData("UnrecognizedClientException", "InvalidCredentials", ErrorKind.AuthenticationError)]
    [InlineData("AuthFailure", "InvalidCredentials", ErrorKind.AuthenticationError)]
    [InlineData("SignatureDoesNotMatch", "InvalidCredentials", ErrorKind.AuthenticationError)]
    [InlineData("RequestTimeTooSkewed", "ClockSkewed", ErrorKind.AuthenticationError)]
    [InlineData("TargetNotConnected", "TargetNotConnected", ErrorKind.ResourceUnavailable)]
    [InlineData("InvalidInstanceID.NotFound", "InstanceNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("InvalidInstanceID.Malformed", "InstanceNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("InvalidInstanceId", "InstanceNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("InvalidSubnetID.NotFound", "SubnetNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("InvalidAMIID.NotFound", "ImageNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("InvalidAMIID.Malformed", "ImageNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("InvalidInstanceType", "InstanceTypeNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("InvalidGroup.NotFound", "SecurityGroupNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("NoSuchEntity", "EntityNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("ParameterNotFound", "ParameterNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("DoesNotExistException", "SessionNotFound", ErrorKind.ObjectNotFound)]
    [InlineData("InvalidVolume.NotFound", "NotFound", ErrorKind.ObjectNotFound)]
    [InlineData("ThrottlingException", "Throttled", ErrorKind.LimitsExceeded)]
    [InlineData("RequestLimitExceeded", "Throttled", ErrorKind.LimitsExceeded)]
    [InlineData("InstanceLimitExceeded", "QuotaExceeded", ErrorKind.LimitsExceeded)]
    [InlineData("VcpuLimitExceeded", "QuotaExceeded", ErrorKind.LimitsExceeded)]
    [InlineData("LimitExceeded", "QuotaExceeded", ErrorKind.LimitsExceeded)]
    [InlineData("VolumeLimitExceeded", "QuotaExceeded", ErrorKind.LimitsExceeded)]
    [InlineData("EntityAlreadyExists", "AlreadyExists", ErrorKind.ResourceExists)]
    [InlineData("IdempotentParameterMismatch", "TokenUsedOtherwise", ErrorKind.ResourceExists)]
    [InlineData("DeleteConflict", "StillInUse", ErrorKind.ResourceBusy)]
    [InlineData("DependencyViolation", "StillInUse", ErrorKind.ResourceBusy)]
    [InlineData("ConcurrentModification", "ConcurrentChange", ErrorKind.ResourceBusy)]
    [InlineData("IncorrectInstanceState", "WrongState", ErrorKind.ResourceUnavailable)]
    [InlineData("InsufficientInstanceCapacity", "InsufficientCapacity", ErrorKind.ResourceUnavailable)]
    [InlineData("InsufficientFreeAddressesInSubnet", "SubnetFull", ErrorKind.LimitsExceeded)]
    [InlineData("InternalError", "ServiceUnavailable", ErrorKind.ResourceUnavailable)]
    [InlineData("InvalidParameterValue", "InvalidRequest", ErrorKind.InvalidArgument)]
    [InlineData("ValidationException", "InvalidRequest", ErrorKind.InvalidArgument)]
    [InlineData("UnmodifiableEntity", "Unmodifiable", ErrorKind.InvalidOperation)]
    [InlineData("SomethingNew", "ServiceError", ErrorKind.InvalidOperation)]
    public void Codes_have_a_stable_id_and_a_kind(string code, string id, ErrorKind kind)
    {
        EngineException error = Translate(code, "why it is so.");

        Assert.Equal((id, kind, "the-target"), (error.ErrorId, error.Kind, error.Target));
        Assert.DoesNotContain("{", error.Message + error.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain("..", error.Message, StringComparison.Ordinal);
        Assert.IsType<AmazonServiceException>(error.InnerException);
    }

    [Theory]
    [InlineData(403, ErrorKind.PermissionDenied)]
    [InlineData(404, ErrorKind.ObjectNotFound)]
    [InlineData(429, ErrorKind.LimitsExceeded)]
    [InlineData(500, ErrorKind.ResourceUnavailable)]
    [InlineData(400, ErrorKind.InvalidOperation)]
    public void Unknown_codes_go_by_their_status(int status, ErrorKind kind)
    {
        AmazonServiceException exception = new("m", ErrorType.Unknown, "Unheard", "r", (HttpStatusCode)status);

        Assert.Equal(kind, AwsErrors.Translate(exception, "t").Kind);
    }

    [Fact]
    public void A_refusal_names_the_action_and_who_was_refused_but_not_the_encoded_part()
    {
        EngineException error = Translate(
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. User: arn:aws:iam::1:user/a is not authorized to perform: "
            + "ec2:RunInstances on resource: x. Encoded authorization failure message: AbCdEf");

        Assert.Contains("ec2:RunInstances", error.Message, StringComparison.Ordinal);
        Assert.Contains("user/a", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AbCdEf", error.Message, StringComparison.Ordinal);
        Assert.Contains("allows ec2:RunInstances", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_action_is_known_even_when_the_service_does_not_name_it()
    {
        AmazonServiceException exception = new("no", ErrorType.Sender, "AccessDenied", "r", HttpStatusCode.Forbidden);
        AwsErrors.Annotate(exception, "iam:CreateRole", "https://iam.amazonaws.com/");

        Assert.Contains("iam:CreateRole", AwsErrors.Translate(exception, "web").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SignatureDoesNotMatch")]
    [InlineData("InvalidSignatureException")]
    public void A_wrong_signature_tells_nothing_of_the_signed_headers_and_a_wrong_clock_is_told_apart(string code)
    {
        EngineException secret = Translate(code, "The Canonical String should have been 'x-amz-security-token:SECRET'");
        EngineException clock = Translate(code, "Signature expired: 20261122T000000Z is now earlier than …");

        Assert.DoesNotContain("SECRET", secret.Message + secret.Recommendation, StringComparison.Ordinal);
        Assert.Equal("InvalidCredentials", secret.ErrorId);
        Assert.Equal("ClockSkewed", clock.ErrorId);
    }

    [Fact]
    public void An_unconnected_target_is_sent_to_the_registration_test()
    {
        Assert.Equal(
            "Find out why with: Test-SsmRegistration -InstanceId the-target",
            Translate("TargetNotConnected", string.Empty).Recommendation);
    }

    [Fact]
    public void What_the_network_does_is_told_apart()
    {
        SocketException refused = new((int)SocketError.ConnectionRefused);
        SocketException unknown = new((int)SocketError.HostNotFound);
        (Exception Thrown, string Id, ErrorKind Kind)[] cases =
        [
            (new HttpRequestException("x", refused), "EndpointUnreachable", ErrorKind.ConnectionError),
            (new AmazonClientException("x", new HttpRequestException("x", unknown)), "EndpointNotFound", ErrorKind.ConnectionError),
            (new HttpRequestException("x", new AuthenticationException("bad")), "TlsFailed", ErrorKind.ConnectionError),
            (new HttpRequestException("x", new HttpIOException(HttpRequestError.ResponseEnded)), "ConnectionBroken", ErrorKind.ConnectionError),
            (new AmazonClientException("x", new IOException("x")), "ConnectionBroken", ErrorKind.ConnectionError),
            (new TaskCanceledException("x", new TimeoutException()), "CallTimedOut", ErrorKind.OperationTimeout),
            (new TimeoutException("x", new TaskCanceledException()), "CallTimedOut", ErrorKind.OperationTimeout),
            (new AmazonClientException("x"), "AwsCallFailed", ErrorKind.InvalidOperation),
        ];

        foreach ((Exception thrown, string id, ErrorKind kind) in cases)
        {
            AwsErrors.Annotate(thrown, "ssm:StartSession", "http://127.0.0.1:9/");
            EngineException error = AwsErrors.Translate(thrown, "i-1");
            Assert.Equal((id, kind), (error.ErrorId, error.Kind));
            Assert.Contains("ssm:StartSession", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_an_engine_exception_already_stays_what_it_is()
    {
        EngineException inner = new("Known", ErrorKind.InvalidArgument, "m");

        Assert.Same(inner, AwsErrors.Translate(new AmazonClientException("x", inner), "t"));
    }

    private static EngineException Translate(string code, string message) => AwsErrors.Translate(
        new AmazonServiceException(message, ErrorType.Sender, code, "r", HttpStatusCode.BadRequest), "the-target");
}
