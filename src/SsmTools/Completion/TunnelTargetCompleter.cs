using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using SsmTools.Commands;

namespace SsmTools.Completion;

/// <summary>Completes the instances that this PowerShell's tunnels lead through.</summary>
public sealed class TunnelTargetCompleter : ValueCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        TunnelKeeper.Instance.List()
            .SelectMany(tunnel => new[] { (tunnel.Target, tunnel.ToString()), (tunnel.Name ?? tunnel.Target, tunnel.ToString()) })
            .DistinctBy(value => value.Item1, StringComparer.Ordinal);
}
