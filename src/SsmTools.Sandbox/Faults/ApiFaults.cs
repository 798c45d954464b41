using System.Text;
using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.S3;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Faults;

/// <summary>What happens to API calls.</summary>
internal sealed class ApiFaults(SandboxFaults faults, TimeProvider clock)
{
    /// <summary>Lets time pass, or refuses, as the faults that are on have it.</summary>
    /// <param name="request">The call.</param>
    /// <param name="protocol">How it is written.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the call is refused with; null when it is to be answered.</returns>
    public async ValueTask<ServiceError?> MeetAsync(HttpRequest request, WireProtocol protocol, CancellationToken cancellationToken)
    {
        if (faults.Active is not { Calls.Length: > 0 } active)
        {
            return null;
        }

        string? service = ServiceOf(request);
        string? operation = OperationOf(request, protocol);
        foreach (FaultRule rule in active.Calls)
        {
            string? scope = rule.Fault.Scope;
            bool isCovered = scope is null || scope.Equals(operation, StringComparison.OrdinalIgnoreCase) ||
                scope.Equals(service, StringComparison.OrdinalIgnoreCase);
            if (!isCovered || !active.Acts(rule))
            {
                continue;
            }

            if (Refusal(rule.Fault, protocol) is { } refusal)
            {
                return refusal;
            }

            await Task.Delay(rule.Fault.Amount, clock, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private static ServiceError? Refusal(Fault fault, WireProtocol protocol) => (fault.Kind, protocol) switch
    {
        (FaultKind.Throttle, WireProtocol.Json) => new ServiceError("ThrottlingException", "Rate exceeded"),
        (FaultKind.Throttle, WireProtocol.RestJson) => new ServiceError("ThrottlingException", "Rate exceeded", 429),
        (FaultKind.Throttle, WireProtocol.Ec2) => new ServiceError("RequestLimitExceeded", "Request limit exceeded.", 503),
        (FaultKind.Throttle, WireProtocol.RestXml) => new ServiceError("SlowDown", "Please reduce your request rate.", 503),
        (FaultKind.Throttle, _) => new ServiceError("Throttling", "Rate exceeded"),
        (FaultKind.ServerError, _) when fault.Code is null or 500 => ErrorWords.Internal(protocol),
        (FaultKind.ServerError, WireProtocol.Ec2) => new ServiceError("Unavailable", "The service is unavailable.", fault.Code.Value),
        (FaultKind.ServerError, _) => new ServiceError("ServiceUnavailable", "The service is unavailable.", fault.Code.Value),
        (FaultKind.ExpiredCredentials, WireProtocol.Json) =>
            new ServiceError("ExpiredTokenException", "The security token included in the request is expired"),
        (FaultKind.ExpiredCredentials, WireProtocol.RestJson) =>
            new ServiceError("ExpiredTokenException", "The security token included in the request is expired", 403),
        (FaultKind.ExpiredCredentials, WireProtocol.Ec2) => new ServiceError("RequestExpired", "Request has expired."),
        (FaultKind.ExpiredCredentials, _) =>
            new ServiceError("ExpiredToken", "The security token included in the request is expired", 403),
        _ => null,
    };

    private static string? ServiceOf(HttpRequest request)
    {
        try
        {
            return RequestSignature.Read(request)?.Service;
        }
        catch (ServiceError)
        {
            return null; // refused later, for that
        }
    }

    private static string? OperationOf(HttpRequest request, WireProtocol protocol) => protocol switch
    {
        WireProtocol.Json => request.Headers["X-Amz-Target"]?.Split('.')[^1],
        WireProtocol.RestXml => StorageRoute.Read(request).Operation,
        WireProtocol.RestJson => ServiceModel.Load("scheduler").At(request.Method, request.RawPath)?.Name,
        _ => request.Query.Concat(FormEncoding.Parse(Encoding.UTF8.GetString(request.Body)))
            .FirstOrDefault(pair => pair.Key == "Action").Value,
    };
}
