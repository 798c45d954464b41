using SsmTools.Engine.Protocol;

namespace SsmTools.Engine.Sessions;

/// <summary>Keys of encrypted sessions: asked for beside the loops, so that acknowledgements do not wait for AWS KMS.</summary>
internal sealed partial class SessionChannel
{
    private readonly TaskCompletionSource _keyFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _keyStop = new();

    /// <summary>Whether the session's data is encrypted between client and agent.</summary>
    public bool IsEncrypted
    {
        get
        {
            lock (_lock)
            {
                return _channel.IsEncrypted;
            }
        }
    }

    private async Task FetchKeyAsync(DataKeyNeed need, CancellationToken cancellationToken)
    {
        try
        {
            using SessionDataKey key = await _api.GenerateDataKeyAsync(_sessionId, need, cancellationToken)
                .ConfigureAwait(false);
            lock (_lock)
            {
                _channel.ProvideKey(key.Plain, key.CipherText);
            }

            _sender?.Kick();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session is over.
        }
        catch (Exception e)
        {
            // Whatever it is ends the session; RunAsync throws it, unless the session has ended otherwise by then.
            _keyFailed.TrySetException(e);
            _ = _keyFailed.Task.Exception;
        }
    }
}
