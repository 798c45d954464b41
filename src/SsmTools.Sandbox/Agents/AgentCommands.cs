using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Agents;

/// <summary>The commands that Run Command has an instance run. They outlive a lost control channel.</summary>
internal sealed class AgentCommands(AgentSettings settings, AgentReports reports, AgentStorage? storage = null) : IAsyncDisposable
{
    private const int Accepted = 200;
    private const int Duplicate = 51405;

    /// <summary>As many at a time as the real agent runs; further ones wait.</summary>
    private readonly SemaphoreSlim _workers = new(5, 5);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, (CancellationTokenSource End, Task Running)> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, byte[]> _unacknowledged = new();
    private volatile AgentSocket? _control;

    /// <summary>Reports go over this channel now; those that were not acknowledged go out again.</summary>
    public void Attach(AgentSocket control)
    {
        _control = control;
        foreach (byte[] report in _unacknowledged.Values)
        {
            _ = control.TrySendAsync(report, _stop.Token).AsTask();
        }
    }

    /// <summary>The channel is gone.</summary>
    public void Detach(AgentSocket control) => Interlocked.CompareExchange(ref _control, null, control);

    /// <summary>The gateway has a report.</summary>
    public void Acknowledge(Guid messageId) => _unacknowledged.TryRemove(messageId, out _);

    /// <summary>Takes a job: a command to run, or to end.</summary>
    public void Take(string jobId, Guid messageId, JsonObject content, bool isCancel)
    {
        bool isNew = true;
        if (isCancel)
        {
            End(content["CancelMessageId"]?.ToString() ?? "");
        }
        else
        {
            CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            TaskCompletionSource start = new(TaskCreationOptions.RunContinuationsAsynchronously);
            isNew = _jobs.TryAdd(jobId, (end, RunAsync(jobId, content, start.Task, end)));
            if (isNew)
            {
                start.SetResult();
            }
            else
            {
                start.SetCanceled();
            }
        }

        Send(CommandMessages.Receipt(jobId, messageId, isNew ? Accepted : Duplicate, settings.Clock.GetUtcNow()));
    }

    /// <summary>Ends every command and waits until its processes are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach ((CancellationTokenSource _, Task running) in _jobs.Values)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
        _workers.Dispose();
    }

    private void End(string jobId)
    {
        try
        {
            if (_jobs.TryGetValue(jobId, out (CancellationTokenSource End, Task Running) job))
            {
                job.End.Cancel();
            }
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
    }

    private async Task RunAsync(string jobId, JsonObject content, Task start, CancellationTokenSource end)
    {
        using (end)
        {
            await start.ConfigureAwait(false);
            List<StepRecord> steps = [];
            string status;
            try
            {
                await _workers.WaitAsync(end.Token).ConfigureAwait(false);
                try
                {
                    Report(jobId, "InProgress", steps);
                    CommandUpload upload = new(storage, content, settings);
                    status = await CommandRun.RunAsync(content, settings, reports, upload, steps, end.Token).ConfigureAwait(false);
                }
                finally
                {
                    _workers.Release();
                }
            }
            catch (OperationCanceledException)
            {
                status = "Cancelled";
            }

            Report(jobId, status, steps);
        }
    }

    private void Report(string jobId, string status, List<StepRecord> steps)
    {
        Guid id = Guid.NewGuid();
        byte[] report = CommandMessages.Reply(jobId, status, steps, id, settings.Clock.GetUtcNow());
        _unacknowledged[id] = report;
        Send(report);
    }

    private void Send(byte[] frame)
    {
        if (_control is { } control && !_stop.IsCancellationRequested)
        {
            _ = control.TrySendAsync(frame, _stop.Token).AsTask();
        }
    }
}
