using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace SsmTools.Commands;

/// <summary>
/// Base of every cmdlet here: Begin, Process and End are asynchronous methods that run on the pipeline thread, Ctrl-C
/// cancels their token, and whatever they throw becomes one proper error record.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _stopRequested;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Run(BeginAsync);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Run(ProcessAsync);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Run(EndAsync);

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        _stopRequested = true;
        Cancel();
    }

    /// <summary>Called once before the first object of the pipeline.</summary>
    private protected virtual Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called for every object of the pipeline.</summary>
    private protected virtual Task ProcessAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called once after the last object of the pipeline.</summary>
    private protected virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Gives back what the cmdlet holds; PowerShell calls it however the pipeline ended.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
    }

    private static bool IsPowerShells(Exception e) =>
        e is RuntimeException || e.GetType().Assembly == typeof(PSObject).Assembly;

    private void Run(Func<CancellationToken, Task> body)
    {
        try
        {
            PipelinePump.Run(() => body(_stop.Token), Cancel);
        }
        catch (OperationCanceledException) when (_stopRequested || Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (!IsPowerShells(e))
        {
            // PowerShell's own are on their way to it: a stopped pipeline, -ErrorAction Stop, Select-Object -First.
            ThrowTerminatingError(ErrorRecords.Unexpected(e, MyInvocation.MyCommand.Name));
        }
    }

    private void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Stopped in the moment in which it ended by itself.
        }
    }
}
