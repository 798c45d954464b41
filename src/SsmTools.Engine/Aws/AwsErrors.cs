using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace SsmTools.Engine.Aws;

/// <summary>The one place where whatever a call to AWS can throw becomes an <see cref="EngineException"/>.</summary>
internal static partial class AwsErrors
{
    private const string ActionKey = "SsmTools.Action";
    private const string EndpointKey = "SsmTools.Endpoint";

    /// <summary>Says what happened, to what, and what to do.</summary>
    /// <param name="exception">
    /// What was thrown. Cancellation by the caller's own token is no error and must not come here.
    /// </param>
    /// <param name="target">The name or id that the call was about, for the error record and the messages.</param>
    public static EngineException Translate(Exception exception, string? target)
    {
        if (Find<EngineException>(exception) is { } known)
        {
            return known;
        }

        return (Find<AmazonUnmarshallingException>(exception), Find<AmazonServiceException>(exception)) switch
        {
            ({ } unreadable, _) => Unreadable(unreadable, target),
            (_, { } service) => FromService(service, target),
            _ => FromTransport(exception, target),
        };
    }

    /// <summary>Whether a service answered with one of these error codes.</summary>
    public static bool HasCode(Exception exception, params string[] codes) =>
        Find<AmazonServiceException>(exception) is { } service
        && codes.Contains(service.ErrorCode, StringComparer.Ordinal);

    /// <summary>Notes on an exception which action failed and where it was sent, for the messages.</summary>
    internal static void Annotate(Exception exception, string action, string endpoint)
    {
        exception.Data[ActionKey] = action;
        exception.Data[EndpointKey] = endpoint.TrimEnd('/');
    }

    private static EngineException FromService(AmazonServiceException e, string? target)
    {
        string action = NotAuthorized().Match(e.Message) is { Success: true } match
            ? match.Groups[1].Value
            : Note(e, ActionKey, "the call");
        string code = e.ErrorCode is { Length: > 0 } given ? given : e.StatusCode.ToString();
        AwsErrorRule rule = AwsErrorTable.Find(code, e.Message, e.StatusCode);
        string message = rule.Sentence
            .Replace("{action}", action, StringComparison.Ordinal)
            .Replace("{target}", target ?? "the target", StringComparison.Ordinal)
            .Replace("{code}", code, StringComparison.Ordinal)
            .Replace("{reason}", Reason(e.Message), StringComparison.Ordinal);
        return new EngineException(rule.Id, rule.Kind, message, rule.Advice(action, target), target, e);
    }

    private static EngineException Unreadable(AmazonUnmarshallingException e, string? target)
    {
        string endpoint = Note(e, EndpointKey, "the endpoint");
        string action = Note(e, ActionKey, "the call");
        return (int)e.StatusCode >= 500
            ? new EngineException(
                "ServiceUnavailable",
                ErrorKind.ResourceUnavailable,
                $"{endpoint} answered {(int)e.StatusCode} {e.StatusCode} to {action}, and not as AWS does.",
                "Try again later; if a proxy stands between, look at what it says.",
                target,
                e)
            : new EngineException(
                "UnreadableAnswer",
                ErrorKind.ProtocolError,
                $"{endpoint} gave an answer to {action} that is not AWS's (status {(int)e.StatusCode}).",
                "Check that -EndpointUrl or AWS_ENDPOINT_URL is right, and that no proxy or sign-in page answers instead.",
                target,
                e);
    }

    private static EngineException FromTransport(Exception e, string? target)
    {
        string endpoint = Note(e, EndpointKey, "the AWS endpoint");
        string action = Note(e, ActionKey, "the call");
        if (Find<TimeoutException>(e) is not null || e is OperationCanceledException)
        {
            return new EngineException(
                "CallTimedOut",
                ErrorKind.OperationTimeout,
                $"{endpoint} did not answer {action} in time.",
                "Check the network path to the endpoint (proxy, VPN, firewall), then run the command again.",
                target,
                e);
        }

        if (Find<AuthenticationException>(e) is { } tls)
        {
            return new EngineException(
                "TlsFailed",
                ErrorKind.ConnectionError,
                $"No trusted connection to {endpoint} could be made for {action}: {tls.Message}",
                "Check this machine's clock and certificates, and whether a proxy intercepts TLS.",
                target,
                e);
        }

        if (Find<SocketException>(e) is { } socket)
        {
            bool isName = socket.SocketErrorCode
                is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery;
            return new EngineException(
                isName ? "EndpointNotFound" : "EndpointUnreachable",
                ErrorKind.ConnectionError,
                $"{endpoint} cannot be reached for {action}: {socket.Message}.",
                isName
                    ? "Check the region's name, -EndpointUrl and this machine's DNS."
                    : "Check that the endpoint is running and that proxy, VPN and firewall let the connection through.",
                target,
                e);
        }

        if (e is HttpRequestException || Find<IOException>(e) is not null)
        {
            return new EngineException(
                "ConnectionBroken",
                ErrorKind.ConnectionError,
                $"The connection to {endpoint} broke during {action}: {e.Message}",
                "Run the command again; what was done already is kept.",
                target,
                e);
        }

        return new EngineException(
            "AwsCallFailed", ErrorKind.InvalidOperation, $"{action} failed: {e.Message}", null, target, e);
    }

    /// <summary>The service's own words, without the encoded part that EC2 adds for administrators.</summary>
    private static string Reason(string message)
    {
        int encoded = message.IndexOf("Encoded authorization failure message", StringComparison.Ordinal);
        return (encoded < 0 ? message : message[..encoded]).Trim().TrimEnd('.');
    }

    private static string Note(Exception exception, string key, string otherwise)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e.Data[key] is string note)
            {
                return note;
            }
        }

        return otherwise;
    }

    private static T? Find<T>(Exception exception)
        where T : Exception
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }

    [GeneratedRegex(@"not authorized to perform:? ([\w-]+:[\w*]+)")]
    private static partial Regex NotAuthorized();
}
