using Amazon.Runtime;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Kms;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Registration;

namespace SsmTools.Engine.Sessions;

/// <summary>The session calls of AWS Systems Manager, and of AWS KMS where a session is encrypted.</summary>
internal sealed class SsmSessionApi(AwsContext aws, ShellSessionOptions options) : ISessionApi
{
    /// <inheritdoc/>
    public async Task<SessionGrant> StartAsync(CancellationToken cancellationToken)
    {
        StartSessionRequest request = new()
        {
            Target = options.Target,
            DocumentName = options.DocumentName,
            Reason = options.Reason,
        };
        foreach ((string name, IReadOnlyList<string> values) in
            options.Parameters ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            request.Parameters.Add(name, [.. values]);
        }

        StartSessionResponse response = await StartAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.SessionId is not { Length: > 0 } sessionId || response.TokenValue is not { Length: > 0 } token)
        {
            throw new EngineException(
                "SessionProtocolError",
                ErrorKind.ProtocolError,
                $"The service started a session on {options.Target} without saying its id and token.",
                "Check that the endpoint is that of AWS Systems Manager.",
                options.Target);
        }

        return new SessionGrant(sessionId, response.StreamUrl ?? "", token);
    }

    /// <inheritdoc/>
    public async Task<SessionGrant?> ResumeAsync(string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            ResumeSessionResponse response = await CallAsync(
                () => aws.Ssm.ResumeSessionAsync(new ResumeSessionRequest { SessionId = sessionId }, cancellationToken),
                options.Target,
                cancellationToken).ConfigureAwait(false);

            // No token means that the session is over (session-manager-plugin, session/sessionhandler.go).
            return response.TokenValue is { Length: > 0 } token
                ? new SessionGrant(sessionId, response.StreamUrl ?? "", token)
                : null;
        }
        catch (EngineException e) when (e.InnerException is AmazonServiceException { ErrorCode: "DoesNotExistException" })
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<SessionDataKey> GenerateDataKeyAsync(
        string sessionId, DataKeyNeed need, CancellationToken cancellationToken)
    {
        GenerateDataKeyRequest request = new() { KeyId = need.KeyId, NumberOfBytes = SessionKeys.DataKeyLength };
        foreach ((string name, string value) in need.Context(sessionId, options.Target))
        {
            request.EncryptionContext.Add(name, value);
        }

        GenerateDataKeyResponse response = await CallAsync(
            () => aws.Kms.GenerateDataKeyAsync(request, cancellationToken), need.KeyId, cancellationToken)
            .ConfigureAwait(false);
        return response is { Plaintext: { Length: SessionKeys.DataKeyLength } plain, CiphertextBlob: { Length: > 0 } cipherText }
            ? new SessionDataKey(plain, cipherText)
            : throw new EngineException(
                "SessionProtocolError",
                ErrorKind.ProtocolError,
                $"AWS KMS made a data key with {need.KeyId} for session {sessionId} without giving all of it.",
                "Check that the endpoint is that of AWS KMS.",
                need.KeyId);
    }

    /// <inheritdoc/>
    public async Task<bool?> IsNodeConnectedAsync(CancellationToken cancellationToken)
    {
        try
        {
            GetConnectionStatusResponse response = await CallAsync(
                () => aws.Ssm.GetConnectionStatusAsync(
                    new GetConnectionStatusRequest { Target = options.Target }, cancellationToken),
                options.Target,
                cancellationToken).ConfigureAwait(false);
            return string.Equals(response.Status, "connected", StringComparison.OrdinalIgnoreCase);
        }
        catch (EngineException)
        {
            return null; // it is asked for an explanation only; not being allowed to ask is none
        }
    }

    /// <inheritdoc/>
    public Task TerminateAsync(string sessionId, CancellationToken cancellationToken) => CallAsync(
        () => aws.Ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = sessionId }, cancellationToken),
        options.Target,
        cancellationToken);

    private async Task<StartSessionResponse> StartAsync(StartSessionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                () => aws.Ssm.StartSessionAsync(request, cancellationToken), options.Target, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (EngineException e) when (e.ErrorId == NotConnected.ErrorId)
        {
            throw await NotConnected.ExplainAsync(aws, options.Target, e, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, string target, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not EngineException && !cancellationToken.IsCancellationRequested)
        {
            throw AwsErrors.Translate(e, target);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
