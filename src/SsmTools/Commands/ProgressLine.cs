using System;
using System.Diagnostics;
using System.Management.Automation;
using SsmTools.Engine.Registration;

namespace SsmTools.Commands;

/// <summary>One line of progress, drawn at most five times a second and taken away at the end.</summary>
internal sealed class ProgressLine : IDisposable
{
    /// <summary>PowerShell takes no empty text.</summary>
    private const string Nothing = "...";

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly PSCmdlet _cmdlet;
    private readonly ProgressRecord _record;
    private long _lastDrawn;

    internal ProgressLine(PSCmdlet cmdlet, string activity)
    {
        _cmdlet = cmdlet;
        _record = new ProgressRecord(cmdlet.GetHashCode() & int.MaxValue, activity, Nothing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_lastDrawn == 0)
        {
            return;
        }

        _record.RecordType = ProgressRecordType.Completed;
        try
        {
            _cmdlet.WriteProgress(_record);
        }
        catch (PipelineStoppedException)
        {
            // PowerShell takes the line away itself when it stops a pipeline.
        }
    }

    /// <summary>Draws the line, unless it was drawn a moment ago. To be called on the pipeline thread.</summary>
    /// <param name="status">What is awaited, and why.</param>
    /// <param name="percent">How far it is; -1 where nobody knows.</param>
    /// <param name="remaining">What is left of the time to wait; null where there is no end to it.</param>
    internal void Report(string status, int percent = -1, TimeSpan? remaining = null)
    {
        if (_lastDrawn != 0 && Stopwatch.GetElapsedTime(_lastDrawn) < s_interval)
        {
            return;
        }

        _lastDrawn = Stopwatch.GetTimestamp();
        _record.StatusDescription = status.Length == 0 ? Nothing : status;
        _record.PercentComplete = percent;
        _record.SecondsRemaining = remaining is { } left ? (int)left.TotalSeconds : -1;
        _cmdlet.WriteProgress(_record);
    }

    /// <summary>Draws how far a wait for registration is.</summary>
    internal void Report(RegistrationProgress state) => Report(
        state.Waiting,
        state.Total == 0 ? -1 : 100 * (state.Total - state.Remaining) / state.Total,
        state.Timeout - state.Elapsed);
}
