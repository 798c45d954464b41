using System.Collections.Concurrent;
using SsmTools.Engine.Protocol;

namespace SsmTools.Sandbox.Agents;

/// <summary>The sessions that run on an instance. They outlive a lost control channel.</summary>
internal sealed class AgentSessions(AgentSettings settings, AgentApi api, AgentKms kms, AgentStorage? storage = null) : IAsyncDisposable
{
    private const int ReportTries = 3;
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, (CancellationTokenSource End, Task Running)> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _reports = new(StringComparer.OrdinalIgnoreCase);
    private volatile AgentSocket? _control;

    /// <summary>Reports go over this channel now.</summary>
    public void Attach(AgentSocket control) => _control = control;

    /// <summary>The channel is gone.</summary>
    public void Detach(AgentSocket control) => Interlocked.CompareExchange(ref _control, null, control);

    /// <summary>Starts a session, unless it runs already.</summary>
    public void Start(SessionTask task)
    {
        string id = task.SessionId!;
        CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        TaskCompletionSource start = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_sessions.TryAdd(id, (end, RunAsync(task, start.Task, end))))
        {
            start.SetResult();
        }
        else
        {
            start.SetCanceled();
        }
    }

    /// <summary>Ends a session.</summary>
    public void End(string sessionId)
    {
        if (_sessions.TryGetValue(sessionId, out (CancellationTokenSource End, Task Running) session))
        {
            Cancel(session.End);
        }
    }

    /// <summary>The gateway has a report.</summary>
    public void Acknowledge(string messageId)
    {
        if (_reports.TryRemove(messageId, out TaskCompletionSource? received))
        {
            received.TrySetResult();
        }
    }

    /// <summary>Ends every session and waits until its processes are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach ((CancellationTokenSource _, Task running) in _sessions.Values)
        {
            await running.ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
    }

    private async Task RunAsync(SessionTask task, Task start, CancellationTokenSource end)
    {
        using (end)
        {
            try
            {
                await start.ConfigureAwait(false);
                using AgentSession session = new(task, settings, api, kms, storage);
                AgentTaskCompletePayload report = await session.RunAsync(end.Token).ConfigureAwait(false);
                await ReportAsync(report, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // A second copy of a session that runs already, or the machine is switched off.
            }

            if (start.IsCompletedSuccessfully)
            {
                _sessions.TryRemove(task.SessionId!, out _);
            }
        }
    }

    /// <summary>Tells the gateway, up to three times, until it has acknowledged.</summary>
    private async Task ReportAsync(AgentTaskCompletePayload report, CancellationToken cancellationToken)
    {
        Guid id = Guid.NewGuid();
        TaskCompletionSource received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reports[id.ToString("D")] = received;
        TimeProvider wire = settings.Clock.Inner;
        for (int attempt = 1; attempt <= ReportTries && !received.Task.IsCompleted; attempt++)
        {
            byte[] frame = AgentMessageCodec.Encode(new AgentMessage
            {
                MessageType = MessageType.AgentTaskComplete,
                CreatedDate = (ulong)settings.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
                MessageId = id,
                Payload = ProtocolJson.Write(
                    report with { RetryNumber = attempt }, ProtocolJson.Wire.AgentTaskCompletePayload),
            });
            if (_control is AgentSocket control)
            {
                await control.TrySendAsync(frame, cancellationToken).ConfigureAwait(false);
            }

            using CancellationTokenSource answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(received.Task, Task.Delay(s_reportInterval, wire, answered.Token)).ConfigureAwait(false);
            await answered.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        _reports.TryRemove(id.ToString("D"), out _);
    }
}
