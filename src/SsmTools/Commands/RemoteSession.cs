using System;
using System.Collections;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Remoting;
using System.Management.Automation.Runspaces;
using System.Threading;
using System.Threading.Tasks;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Tunnels;

namespace SsmTools.Commands;

/// <summary>
/// A PSSession through a tunnel of its own. PowerShell makes the session itself, by New-PSSession: what that is made of
/// has no public types.
/// </summary>
internal sealed class RemoteSession
{
    private const string Script = @"param($Parameters) Microsoft.PowerShell.Core\New-PSSession @Parameters";

    private readonly string _node;
    private readonly Hashtable _parameters;
    private Tunnel? _tunnel;

    /// <summary>Prepares a session.</summary>
    /// <param name="node">The node's id.</param>
    /// <param name="parameters">What New-PSSession is to be told.</param>
    internal RemoteSession(string node, Hashtable parameters)
    {
        _node = node;
        _parameters = parameters;
    }

    internal required int Port { get; init; }

    internal string? Reason { get; init; }

    internal TimeSpan ReconnectTimeout { get; init; }

    /// <summary>How the two PowerShells talk.</summary>
    internal string Transport => _parameters.ContainsKey("HostName") ? "ssh" : "WinRM";

    /// <summary>New-PSSession's parameters for ssh.</summary>
    internal static Hashtable Ssh(string? userName, string? keyFile, string subsystem, Hashtable? options)
    {
        Hashtable parameters = new()
        {
            ["HostName"] = "127.0.0.1",
            ["Subsystem"] = subsystem,
            ["Options"] = options is null ? [] : new Hashtable(options, StringComparer.OrdinalIgnoreCase),
        };
        if (userName is not null)
        {
            parameters["UserName"] = userName;
        }

        if (keyFile is not null)
        {
            parameters["KeyFilePath"] = keyFile;
        }

        return parameters;
    }

    /// <summary>New-PSSession's parameters for WinRM.</summary>
    internal static Hashtable WinRM(PSCredential credential, bool useSsl)
    {
        Hashtable parameters = new()
        {
            ["ComputerName"] = "localhost", // a name for which no computer's certificate and no trusted host is asked
            ["Credential"] = credential,
            ["Authentication"] = AuthenticationMechanism.Negotiate,
        };
        if (useSsl)
        {
            // The certificate is the node's, and not one for localhost.
            parameters["UseSSL"] = true;
            parameters["SessionOption"] = new PSSessionOption { SkipCACheck = true, SkipCNCheck = true };
        }

        return parameters;
    }

    /// <summary>Opens the tunnel.</summary>
    internal async Task<Tunnel> OpenTunnelAsync(AwsContext context, CancellationToken cancellationToken)
    {
        TunnelOptions options = new()
        {
            Target = _node,
            Forward = new Forward { RemotePort = Port },
            KeepAlive = true, // nothing is said in a PSSession between commands
            Reason = Reason,
            ReconnectTimeout = ReconnectTimeout,
        };
        _tunnel = await Tunnel.OpenAsync(context, options, null, cancellationToken).ConfigureAwait(false);
        return _tunnel;
    }

    /// <summary>Has PowerShell connect; on the pipeline thread.</summary>
    /// <returns>The session, which has the node's id as its name.</returns>
    internal async Task<PSObject> ConnectAsync(CommandInvocationIntrinsics invoke)
    {
        Tunnel tunnel = _tunnel!;
        try
        {
            _parameters["Port"] = tunnel.LocalEndpoint.Port;
            _parameters["Name"] = _node;
            _parameters["ErrorAction"] = ActionPreference.Stop;
            if (_parameters["Options"] is Hashtable options && !options.ContainsKey("HostKeyAlias"))
            {
                options["HostKeyAlias"] = _node; // the tunnel's port is another one every time, and its host is not the node
            }

            Collection<PSObject> made = invoke.InvokeScript(Script, true, PipelineResultTypes.None, null, _parameters);
            PSSession session = made.Select(one => one.BaseObject).OfType<PSSession>().Single();
            session.Runspace.StateChanged += (_, change) => CloseWith(change.RunspaceStateInfo.State, tunnel);
            CloseWith(session.Runspace.RunspaceStateInfo.State, tunnel);
            return made[0];
        }
        catch
        {
            await tunnel.DisposeAsync();
            throw;
        }
    }

    /// <summary>What went wrong, with what the tunnel knows of it.</summary>
    internal string Explain(RuntimeException e) =>
        _tunnel?.LastError is { } error ? $"{e.Message.TrimEnd()} {error}" : e.Message.TrimEnd();

    private static void CloseWith(RunspaceState state, Tunnel tunnel)
    {
        if (state is RunspaceState.Closed or RunspaceState.Broken)
        {
            _ = tunnel.DisposeAsync().AsTask();
        }
    }
}
