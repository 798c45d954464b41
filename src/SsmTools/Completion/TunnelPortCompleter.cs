using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SsmTools.Commands;

namespace SsmTools.Completion;

/// <summary>Completes the local ports of this PowerShell's tunnels.</summary>
public sealed class TunnelPortCompleter : ValueCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        TunnelKeeper.Instance.List().Select(tunnel => (
            tunnel.LocalPort.ToString(CultureInfo.InvariantCulture), tunnel.ToString()));
}
