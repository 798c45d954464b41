namespace SsmTools.Engine.Sessions;

/// <summary>
/// A link that carries whole messages, one sender and one receiver at a time: a WebSocket, or a queue in a test.
/// </summary>
internal interface IMessageTransport : IAsyncDisposable
{
    /// <summary>Sends a text message; the first one on a channel is.</summary>
    /// <exception cref="IOException">The link is gone.</exception>
    ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken);

    /// <summary>Sends a binary message.</summary>
    /// <exception cref="IOException">The link is gone.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken);

    /// <summary>Whether nothing has come that was not read yet, where that can be told. Less than a message may have.</summary>
    bool IsQuiet => false;

    /// <summary>
    /// Whether nobody is to be woken by what comes, until much has; where there is no telling the system so, without effect.
    /// Who waits for a message must have set it back.
    /// </summary>
    void Sleep(bool isAsleep)
    {
    }

    /// <summary>What is sent from now on may wait for <see cref="ReleaseAsync"/>, so that it goes in one piece.</summary>
    void Hold()
    {
    }

    /// <summary>Nothing waits any longer.</summary>
    /// <exception cref="IOException">The link is gone.</exception>
    ValueTask ReleaseAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Waits for the next message, text or binary.</summary>
    /// <returns>The message, valid until the next call; null when the link is gone, politely or not.</returns>
    /// <exception cref="EngineException">The peer sent a message above the bound.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken);
}
