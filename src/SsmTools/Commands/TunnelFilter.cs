using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Which tunnels are meant: those of some instances, by id or name, and those on some ports; none given means any.</summary>
internal sealed class TunnelFilter
{
    private readonly WildcardPattern[] _instances;
    private readonly HashSet<int> _ports;

    internal TunnelFilter(IEnumerable<string> instances, IEnumerable<int> ports)
    {
        _instances = instances.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToArray();
        _ports = ports.ToHashSet();
    }

    internal bool Fits(SsmTunnel tunnel) =>
        (_ports.Count == 0 || _ports.Contains(tunnel.LocalPort))
        && (_instances.Length == 0 || Array.Exists(
            _instances, name => name.IsMatch(tunnel.Target) || (tunnel.Name is { } own && name.IsMatch(own))));
}
