using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace SsmTools.Commands;

/// <summary>
/// Lets the pipeline thread run an asynchronous method: whatever is awaited in a cmdlet continues on the thread that
/// PowerShell called it on, so that WriteObject, ShouldProcess and the rest are used as always. The engine awaits with
/// ConfigureAwait(false) throughout and never comes back here.
/// </summary>
internal sealed class PipelinePump : SynchronizationContext
{
    /// <summary>Guards itself and <see cref="_ended"/>; pulsed when either changes.</summary>
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly Thread _owner = Thread.CurrentThread;
    private bool _ended;

    private PipelinePump()
    {
    }

    /// <summary>Runs the method to its end and throws what it threw.</summary>
    /// <param name="body">The method.</param>
    /// <param name="cancel">
    /// Called when something posted has thrown, for example progress written into a pipeline that was stopped: the
    /// method has to end too, and is still waited for.
    /// </param>
    internal static void Run(Func<Task> body, Action cancel)
    {
        SynchronizationContext? previous = Current;
        PipelinePump pump = new();
        SetSynchronizationContext(pump);
        try
        {
            Task task = body();
            _ = task.ContinueWith(
                static (_, state) => ((PipelinePump)state!).End(),
                pump,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            ExceptionDispatchInfo? fault = pump.RunPosted(cancel);
            if (fault is not null)
            {
                // The task's own failure, if any, is a consequence; looking at it marks it as seen.
                _ = task.Exception;
                fault.Throw();
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_posted)
        {
            // A late report after the method has ended is dropped: there is nobody left to hear it.
            if (!_ended)
            {
                _posted.Enqueue((d, state));
                Monitor.Pulse(_posted);
            }
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Thread.CurrentThread != _owner)
        {
            throw new NotSupportedException("Only the pipeline thread may call and wait; other threads post.");
        }

        d(state);
    }

    private ExceptionDispatchInfo? RunPosted(Action cancel)
    {
        ExceptionDispatchInfo? first = null;
        while (TakeNext() is { } posted)
        {
            try
            {
                posted.Callback(posted.State);
            }
            catch (Exception e) when (first is null)
            {
                first = ExceptionDispatchInfo.Capture(e);
                cancel();
            }
            catch (Exception)
            {
                // The first one tells what went wrong.
            }
        }

        return first;
    }

    /// <summary>Waits for what comes next; null when the method has ended and nothing is left.</summary>
    private (SendOrPostCallback Callback, object? State)? TakeNext()
    {
        lock (_posted)
        {
            while (_posted.Count == 0 && !_ended)
            {
                Monitor.Wait(_posted);
            }

            return _posted.TryDequeue(out (SendOrPostCallback, object?) next) ? next : null;
        }
    }

    private void End()
    {
        lock (_posted)
        {
            _ended = true;
            Monitor.Pulse(_posted);
        }
    }
}
