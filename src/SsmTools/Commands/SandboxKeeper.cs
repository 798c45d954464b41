using System;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation.Runspaces;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Sandbox;

namespace SsmTools.Commands;

/// <summary>
/// Holds the sandbox of this process: one, because it stands behind the environment variables, of which there is one
/// set too. It outlives the cmdlet that started it and ends with Stop-SsmSandbox, with the module, or with the process.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The gate lives as long as the process.")]
internal sealed class SandboxKeeper
{
    /// <summary>How long the end of the process may wait for shells to end and folders to go.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Running? _running;

    private SandboxKeeper()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => SayFarewell();
    }

    internal static SandboxKeeper Instance { get; } = new();

    /// <summary>True while the AWS_* variables point to the sandbox.</summary>
    internal bool HoldsEnvironment => _running?.Environment is not null;

    /// <summary>What runs; null where nothing does.</summary>
    internal Running? Current => _running;

    /// <summary>Starts a sandbox, unless one runs.</summary>
    internal async Task<Running> StartAsync(
        SandboxOptions options,
        bool setEnvironment,
        CancellationToken cancellationToken)
    {
        Guid runspace = Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_running is { } running)
            {
                return running;
            }

            SandboxHost host = await SandboxHost.StartAsync(options, cancellationToken).ConfigureAwait(false);
            SandboxEnvironment? environment = setEnvironment ? SandboxEnvironment.Set(host.Facts) : null;
            _running = new Running(host, environment, runspace);
            return _running;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends it and puts the environment back; returns what ran.</summary>
    internal async Task<Running?> StopAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Running? running = _running;
            _running = null;
            running?.Environment?.PutBack();
            if (running is not null)
            {
                await running.Host.DisposeAsync().ConfigureAwait(false);
            }

            return running;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends it where the module is removed from the runspace that started it.</summary>
    internal void StopForCurrentRunspace()
    {
        if (_running is { } running && running.Runspace == Runspace.DefaultRunspace?.InstanceId)
        {
            StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private void SayFarewell()
    {
        // Asked first, so that a process that had no sandbox does not load one to end it.
        if (_running is not null)
        {
            StopAsync(CancellationToken.None).Wait(s_farewell);
        }
    }

    /// <summary>A sandbox and what came with it.</summary>
    internal sealed record Running(SandboxHost Host, SandboxEnvironment? Environment, Guid Runspace);
}
